package io.ramtide.correlator.intake;

import io.ramtide.correlator.ecs.Text;
import io.ramtide.schemas.ProcessFinding;

/** The texts of a process, all of which the guest chose. */
final class ProcessTexts {
  private static final String LEFT_OUT = "left out: the capture's processes have too much text";

  private ProcessTexts() {}

  static ProcessFinding bounded(ProcessFinding process) {
    return ProcessFinding.newBuilder(process)
        .setImageName(Text.bounded(process.getImageName(), Text.NAME))
        .setImagePath(Text.bounded(process.getImagePath(), Text.PATH))
        .setImagePathStatus(Text.bounded(process.getImagePathStatus(), Text.NAME))
        .setImageFile(Text.bounded(process.getImageFile(), Text.PATH))
        .setImageFileStatus(Text.bounded(process.getImageFileStatus(), Text.NAME))
        .setCommandLine(Text.bounded(process.getCommandLine(), Text.COMMAND_LINE))
        .setCommandLineStatus(Text.bounded(process.getCommandLineStatus(), Text.NAME))
        .setCurrentDirectory(Text.bounded(process.getCurrentDirectory(), Text.PATH))
        .setCurrentDirectoryStatus(Text.bounded(process.getCurrentDirectoryStatus(), Text.NAME))
        .setUserSid(Text.bounded(process.getUserSid(), Text.SID))
        .setIntegrity(Text.bounded(process.getIntegrity(), Text.NAME))
        .build();
  }

  /** Without those that can be long. */
  static ProcessFinding leftOut(ProcessFinding process) {
    return ProcessFinding.newBuilder(process)
        .setImagePath(null)
        .setImagePathStatus(LEFT_OUT)
        .setImageFile(null)
        .setImageFileStatus(LEFT_OUT)
        .setCommandLine(null)
        .setCommandLineStatus(LEFT_OUT)
        .setCurrentDirectory(null)
        .setCurrentDirectoryStatus(LEFT_OUT)
        .build();
  }
}
