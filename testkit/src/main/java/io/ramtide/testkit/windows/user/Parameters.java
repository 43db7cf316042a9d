package io.ramtide.testkit.windows.user;

import io.ramtide.testkit.windows.Struct;
import java.nio.charset.StandardCharsets;

/**
 * RTL_USER_PROCESS_PARAMETERS with its texts behind it, the environment in the next page, and the
 * command line in the page after that one.
 */
final class Parameters {

  private static final long VA = 0x1f0000L;
  private static final long ENVIRONMENT = VA + 0x1000;
  private static final long COMMAND_LINE = VA + 0x2000;
  private static final int PAGES = 4;

  private final UserSpace user;
  private final String state;
  private long next;

  Parameters(UserSpace user, Program program, long prototype) {
    this.user = user;
    state = Paging.commandLine(program.imageName());
    user.region(VA, PAGES, Region.Protection.PAGE_READWRITE);
    user.map(VA, 2);
    int size = user.space.facts.size("_RTL_USER_PROCESS_PARAMETERS");
    next = VA + size;
    byte[] environment = program.environmentBlock();
    user.memory.put(ENVIRONMENT, environment);
    Struct parameters =
        user.struct("_RTL_USER_PROCESS_PARAMETERS", VA)
            .u32("MaximumLength", 0x1000)
            .u32("Length", 0x1000)
            .u32("Flags", 1) // normalized: the strings hold addresses
            .u64("Environment", ENVIRONMENT)
            .u64("EnvironmentSize", environment.length);
    text(parameters, "CurrentDirectory.DosPath", program.currentDirectory());
    text(parameters, "ImagePathName", program.path());
    if (state.equals("valid")) {
      text(parameters, "CommandLine", program.commandLine());
    } else {
      user.map(COMMAND_LINE);
      user.memory.putLong(COMMAND_LINE, COMMAND_LINE);
      next = COMMAND_LINE + 8;
      text(parameters, "CommandLine", program.commandLine());
      switch (state) {
        case "transition" -> user.trim(COMMAND_LINE);
        case "prototype" -> user.share(COMMAND_LINE, prototype);
        default -> user.pageOut(COMMAND_LINE, 0, 0x1234 + user.pid);
      }
    }
  }

  private void text(Struct parameters, String field, String text) {
    byte[] utf16 = text.getBytes(StandardCharsets.UTF_16LE);
    user.memory.put(next, utf16);
    parameters.unicode(field, utf16.length, next);
    next += utf16.length + 2;
  }

  long va() {
    return VA;
  }

  String commandLineStatus() {
    return state.equals("pagefile") ? "paged out" : null;
  }
}
