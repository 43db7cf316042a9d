package io.ramtide.correlator.ecs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ramtide.correlator.capture.Capture;
import io.ramtide.schemas.Evidence;
import io.ramtide.schemas.FileTime;
import io.ramtide.schemas.SystemFinding;
import java.nio.charset.StandardCharsets;

/** One ECS document in the making: what documents of every kind have alike. */
final class EcsDocument {
  private static final String VERSION = "8.17.0";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode root = JSON.createObjectNode();
  private final ObjectNode event;

  /**
   * @param time 100 ns since 1601 UTC
   */
  EcsDocument(Capture capture, long time, String message) {
    time(root, "@timestamp", time);
    root.putObject("ecs").put("version", VERSION);
    host(capture);
    root.put("message", Text.bounded(message, Text.SENTENCE));
    event = root.putObject("event");
    event.put("module", "ramtide");
    event.put("provider", "ramtide-correlator");
    root.putObject("ramtide").put("capture", capture.number());
    root.putArray("tags").add("ramtide");
  }

  private void host(Capture capture) {
    ObjectNode host = root.putObject("host");
    host.put("id", capture.domain());
    SystemFinding system = capture.system();
    if (capture.decoded() || system != null) {
      ObjectNode os = host.putObject("os");
      os.put("type", "windows");
      os.put("family", "windows");
      os.put("platform", "windows");
      if (system != null) {
        os.put("kernel", Integer.toString(system.getBuild()));
      }
    }
  }

  /** An object of the document, made when it is first asked for. */
  ObjectNode object(String field) {
    return root.has(field) ? (ObjectNode) root.get(field) : root.putObject(field);
  }

  /** What the event is, in ECS's words. */
  EcsDocument event(String kind, String category, String type, String action, String dataset) {
    event.put("kind", kind);
    event.putArray("category").add(category);
    event.putArray("type").add(type);
    event.put("action", action);
    event.put("dataset", dataset);
    return this;
  }

  /** One more event.type. */
  EcsDocument type(String type) {
    event.withArray("type").add(type);
    return this;
  }

  EcsDocument id(String id) {
    event.put("id", id);
    return this;
  }

  /** When it was, for what has no time of its own; 100 ns since 1601 UTC. */
  EcsDocument between(Long notBefore, long notAfter) {
    time(event, "start", notBefore);
    time(event, "end", notAfter);
    return this;
  }

  EcsDocument evidence(Evidence evidence) {
    ObjectNode own = object("ramtide");
    own.put("evidence_capture", evidence.getCapture());
    own.put("object_gpa", hex(evidence.getObjectGpa()));
    if (evidence.getObjectVa() != null) {
      own.put("object_va", hex(evidence.getObjectVa()));
    }
    var seenBy = own.putArray("seen_by");
    evidence.getSeenBy().forEach(view -> seenBy.add(view.name()));
    return this;
  }

  EcsDocument tag(String tag) {
    root.withArray("tags").add(tag);
    return this;
  }

  /** UTF-8 JSON. */
  byte[] bytes() {
    try {
      return JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree is always writable", e);
    }
  }

  /**
   * @param fileTime 100 ns since 1601 UTC; null: the field is left out
   */
  static void time(ObjectNode node, String field, Long fileTime) {
    if (fileTime != null) {
      node.put(field, FileTime.format(fileTime));
    }
  }

  /** A text that the guest may have written; null: the field is left out. */
  static void text(ObjectNode node, String field, String text, int limit) {
    if (text != null) {
      node.put(field, Text.bounded(text, limit));
    }
  }

  private static String hex(long address) {
    return "0x" + Long.toHexString(address);
  }
}
