package io.ramtide.correlator.ecs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ramtide.correlator.capture.Capture;
import io.ramtide.schemas.ProcessEvent;
import java.util.List;

/** Documents of process events. */
final class ProcessDocuments {
  private ProcessDocuments() {}

  static byte[] of(Capture capture, ProcessEvent event) {
    long time = event.getTime() != null ? event.getTime() : event.getNotAfter();
    EcsDocument doc =
        new EcsDocument(capture, time, ProcessMessages.of(event))
            .event("event", "process", type(event), "process-" + event.getType(), "ramtide.process")
            .id(DocumentIds.of(event))
            .evidence(event.getEvidence());
    if (event.getTime() == null) {
      doc.between(event.getNotBefore(), event.getNotAfter());
    }
    ObjectNode process = doc.object("process");
    identity(
        process,
        event.getPid(),
        event.getParentPid(),
        event.getImageName(),
        event.getCreateTime(),
        DocumentIds.entity(event));
    EcsDocument.time(process, "end", event.getExitTime());
    program(process, event);
    if (event.getUserSid() != null) {
      EcsDocument.text(doc.object("user"), "id", event.getUserSid(), Text.SID);
    }
    if (event.getSessionId() != null) {
      doc.object("ramtide").put("session_id", event.getSessionId());
    }
    return doc.bytes();
  }

  /** Which process it is. */
  static void identity(
      ObjectNode process,
      long pid,
      Long parentPid,
      String imageName,
      Long createTime,
      String entity) {
    process.put("pid", pid);
    EcsDocument.text(process, "name", imageName, Text.NAME);
    if (parentPid != null) {
      process.putObject("parent").put("pid", parentPid);
    }
    EcsDocument.time(process, "start", createTime);
    process.put("entity_id", entity);
  }

  private static void program(ObjectNode process, ProcessEvent event) {
    EcsDocument.text(process, "executable", event.getImagePath(), Text.PATH);
    String commandLine = Text.bounded(event.getCommandLine(), Text.COMMAND_LINE);
    if (commandLine != null) {
      process.put("command_line", commandLine);
      List<String> arguments = Arguments.of(commandLine);
      ArrayNode args = process.putArray("args");
      arguments.forEach(args::add);
      process.put("args_count", arguments.size());
    }
  }

  private static String type(ProcessEvent event) {
    return switch (event.getType()) {
      case started -> "start";
      case exited -> "end";
      case appeared, disappeared -> "info";
    };
  }
}
