package io.ramtide.correlator.ecs;

import io.ramtide.schemas.FileTime;
import io.ramtide.schemas.ProcessEvent;

/** Process events as one sentence for a person. */
final class ProcessMessages {
  private ProcessMessages() {}

  static String of(ProcessEvent event) {
    String name = event.getImageName() == null ? "A process without a name" : event.getImageName();
    return "%s (PID %d) %s".formatted(Text.bounded(name, Text.NAME), event.getPid(), verb(event));
  }

  private static String verb(ProcessEvent event) {
    return switch (event.getType()) {
      case started -> "started";
      case exited -> "exited";
      case appeared -> "was first seen" + interval(event);
      case disappeared -> "was gone without an exit time" + interval(event);
    };
  }

  private static String interval(ProcessEvent event) {
    String end = FileTime.format(event.getNotAfter());
    return event.getNotBefore() == null
        ? " by " + end
        : " between " + FileTime.format(event.getNotBefore()) + " and " + end;
  }
}
