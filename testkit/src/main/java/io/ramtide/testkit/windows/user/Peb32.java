package io.ramtide.testkit.windows.user;

import java.nio.charset.StandardCharsets;

/** The PEB, the parameters and the environment that a 32-bit program sees, a page each. */
final class Peb32 {

  private static final long VA = 0x7efde000L;
  private static final long PARAMETERS = VA + 0x1000;
  private static final long ENVIRONMENT = VA + 0x2000;
  private static final int PAGES = 3;
  private static final String TYPE = "_RTL_USER_PROCESS_PARAMETERS";

  private final UserSpace user;
  private final LoaderLayout layout;
  private long next;

  Peb32(UserSpace user, Program program, long imageBase, long loader, LoaderLayout layout) {
    this.user = user;
    this.layout = layout;
    user.map(VA, PAGES);
    user.region(VA, PAGES, Region.Protection.PAGE_READWRITE);
    user.struct("_PEB32", VA)
        .u32("ImageBaseAddress", (int) imageBase)
        .u32("Ldr", (int) loader)
        .u32("ProcessParameters", (int) PARAMETERS)
        .u32("SessionId", program.session());
    next = PARAMETERS + layout.at(TYPE, "size");
    user.memory.putInt(PARAMETERS + layout.at(TYPE, "MaximumLength"), 0x1000);
    user.memory.putInt(PARAMETERS + layout.at(TYPE, "Length"), 0x1000);
    user.memory.putInt(PARAMETERS + layout.at(TYPE, "Flags"), 1);
    text("CurrentDirectory", program.currentDirectory());
    text("ImagePathName", program.path());
    text("CommandLine", program.commandLine());
    byte[] environment = program.environmentBlock();
    user.memory.put(ENVIRONMENT, environment);
    user.memory.putInt(PARAMETERS + layout.at(TYPE, "Environment"), (int) ENVIRONMENT);
    user.memory.putInt(PARAMETERS + layout.at(TYPE, "EnvironmentSize"), environment.length);
  }

  private void text(String field, String text) {
    byte[] utf16 = text.getBytes(StandardCharsets.UTF_16LE);
    long at = PARAMETERS + layout.at(TYPE, field);
    user.memory.put(next, utf16);
    user.memory.putShort(at, utf16.length);
    user.memory.putShort(at + 2, utf16.length + 2);
    user.memory.putInt(at + 4, (int) next);
    next += utf16.length + 2;
  }

  long va() {
    return VA;
  }
}
