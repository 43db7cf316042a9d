package io.ramtide.correlator.ecs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ramtide.correlator.capture.Capture;
import io.ramtide.correlator.rule.Rules;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.Evidence;
import io.ramtide.schemas.FileTime;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.Severity;
import io.ramtide.schemas.SystemFinding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * ECS documents of one capture: a process event, an anomaly, or the failure to read the capture,
 * each as UTF-8 JSON. See the README for the mapping.
 */
public final class EcsDocuments {
  static final String ECS_VERSION = "8.17.0";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Capture capture;

  public EcsDocuments(Capture capture) {
    this.capture = capture;
  }

  public byte[] of(ProcessEvent event) {
    String type = event.getType().name();
    ObjectNode doc = document(event.getTime() != null ? event.getTime() : event.getNotAfter());
    doc.put("message", ProcessMessages.of(event));
    ObjectNode ecs = doc.putObject("event");
    ecs.put("kind", "event");
    ecs.putArray("category").add("process");
    ecs.putArray("type").add(ecsType(event));
    ecs.put("action", "process-" + type);
    ecs.put("dataset", "ramtide.process");
    origin(ecs);
    if (event.getTime() == null) {
      interval(ecs, event.getNotBefore(), event.getNotAfter());
    }
    ecs.put("id", DocumentIds.of(event));
    process(doc, event.getPid(), event.getParentPid(), event.getImageName(), event.getCreateTime());
    time(process(doc), "end", event.getExitTime());
    program(doc, event);
    process(doc).put("entity_id", DocumentIds.entity(event));
    evidence(doc, event.getEvidence());
    if (event.getSessionId() != null) {
      ((ObjectNode) doc.get("ramtide")).put("session_id", event.getSessionId());
    }
    doc.putArray("tags").add("ramtide");
    return bytes(doc);
  }

  public byte[] of(Anomaly anomaly) {
    ObjectNode doc = document(anomaly.getNotAfter());
    doc.put("message", Text.bounded(anomaly.getMessage(), Text.SENTENCE));
    ObjectNode ecs = doc.putObject("event");
    ecs.put("kind", "alert");
    ecs.putArray("category").add("process");
    ecs.putArray("type").add("info");
    ecs.put("action", anomaly.getRule());
    ecs.put("dataset", "ramtide.anomaly");
    ecs.put("severity", severity(anomaly.getSeverity()));
    origin(ecs);
    interval(ecs, anomaly.getNotBefore(), anomaly.getNotAfter());
    ecs.put("id", DocumentIds.of(anomaly));
    ObjectNode rule = doc.putObject("rule");
    rule.put("name", anomaly.getRule());
    rule.put("ruleset", "ramtide");
    threat(doc, anomaly);
    if (anomaly.getPid() != null) {
      process(
          doc,
          anomaly.getPid(),
          anomaly.getParentPid(),
          anomaly.getImageName(),
          anomaly.getCreateTime());
      process(doc).put("entity_id", DocumentIds.entity(anomaly));
    }
    evidence(doc, anomaly.getEvidence());
    var tags = doc.putArray("tags").add("ramtide").add("anomaly");
    if (anomaly.getTechnique() != null) {
      tags.add("attack." + anomaly.getTechnique().toLowerCase(Locale.ROOT));
    }
    return bytes(doc);
  }

  /** For a capture that could not be read: silence must not look like peace. */
  public byte[] ofFailure(CaptureEvent event) {
    ObjectNode doc = document(event.getTime());
    String status = event.getStatus().name().toLowerCase(Locale.ROOT).replace('_', '-');
    String detail = event.getDetail() == null ? "no reason given" : event.getDetail();
    String message =
        Text.bounded(
            "capture %d was not decoded (%s): %s".formatted(event.getCapture(), status, detail),
            Text.SENTENCE);
    doc.put("message", message);
    ObjectNode ecs = doc.putObject("event");
    ecs.put("kind", "pipeline_error");
    ecs.putArray("category").add("host");
    ecs.putArray("type").add("error");
    ecs.put("action", "capture-" + status);
    ecs.put("dataset", "ramtide.capture");
    ecs.put("outcome", "failure");
    origin(ecs);
    ecs.put("id", DocumentIds.of(event));
    doc.putObject("error").put("message", message).put("type", event.getStatus().name());
    doc.putObject("ramtide").put("capture", event.getCapture());
    doc.putArray("tags").add("ramtide");
    return bytes(doc);
  }

  private ObjectNode document(long time) {
    ObjectNode doc = JSON.createObjectNode();
    time(doc, "@timestamp", time);
    doc.putObject("ecs").put("version", ECS_VERSION);
    ObjectNode host = doc.putObject("host");
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
    return doc;
  }

  private static void origin(ObjectNode ecs) {
    ecs.put("module", "ramtide");
    ecs.put("provider", "ramtide-correlator");
  }

  private static void interval(ObjectNode ecs, Long notBefore, long notAfter) {
    time(ecs, "start", notBefore);
    time(ecs, "end", notAfter);
  }

  private static void process(
      ObjectNode doc, long pid, Long parentPid, String imageName, Long createTime) {
    ObjectNode process = doc.putObject("process");
    process.put("pid", pid);
    if (imageName != null) {
      process.put("name", Text.bounded(imageName, Text.NAME));
    }
    if (parentPid != null) {
      process.putObject("parent").put("pid", parentPid);
    }
    time(process, "start", createTime);
  }

  private static void program(ObjectNode doc, ProcessEvent event) {
    ObjectNode process = process(doc);
    if (event.getImagePath() != null) {
      process.put("executable", Text.bounded(event.getImagePath(), Text.PATH));
    }
    String commandLine = Text.bounded(event.getCommandLine(), Text.COMMAND_LINE);
    if (commandLine != null) {
      process.put("command_line", commandLine);
      List<String> arguments = Arguments.of(commandLine);
      ArrayNode args = process.putArray("args");
      arguments.forEach(args::add);
      process.put("args_count", arguments.size());
    }
    if (event.getUserSid() != null) {
      doc.putObject("user").put("id", Text.bounded(event.getUserSid(), Text.SID));
    }
  }

  private static ObjectNode process(ObjectNode doc) {
    return (ObjectNode) doc.get("process");
  }

  private static void threat(ObjectNode doc, Anomaly anomaly) {
    if (anomaly.getTechnique() == null) {
      return;
    }
    String id = anomaly.getTechnique();
    ObjectNode threat = doc.putObject("threat");
    threat.put("framework", "MITRE ATT&CK");
    ObjectNode technique = threat.putObject("technique");
    technique.putArray("id").add(id);
    Rules.technique(anomaly.getRule())
        .ifPresent(known -> technique.putArray("name").add(known.name()));
    technique
        .putArray("reference")
        .add("https://attack.mitre.org/techniques/" + id.replace('.', '/') + "/");
  }

  private void evidence(ObjectNode doc, Evidence evidence) {
    ObjectNode own = doc.putObject("ramtide");
    own.put("capture", capture.number());
    own.put("evidence_capture", evidence.getCapture());
    own.put("object_gpa", hex(evidence.getObjectGpa()));
    if (evidence.getObjectVa() != null) {
      own.put("object_va", hex(evidence.getObjectVa()));
    }
    var seenBy = own.putArray("seen_by");
    evidence.getSeenBy().forEach(view -> seenBy.add(view.name()));
  }

  private static String ecsType(ProcessEvent event) {
    return switch (event.getType()) {
      case started -> "start";
      case exited -> "end";
      case appeared, disappeared -> "info";
    };
  }

  /** On the scale that Elastic's own detection rules use. */
  private static int severity(Severity severity) {
    return switch (severity) {
      case low -> 21;
      case medium -> 47;
      case high -> 73;
      case critical -> 99;
    };
  }

  private static void time(ObjectNode node, String field, Long fileTime) {
    if (fileTime != null) {
      node.put(field, FileTime.format(fileTime));
    }
  }

  private static String hex(long address) {
    return "0x" + Long.toHexString(address);
  }

  private static byte[] bytes(ObjectNode doc) {
    try {
      return JSON.writeValueAsString(doc).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree is always writable", e);
    }
  }
}
