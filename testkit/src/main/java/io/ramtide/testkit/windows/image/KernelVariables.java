package io.ramtide.testkit.windows.image;

import io.ramtide.testkit.windows.KernelSpace;

/** Variables and pieces of code of the kernel from which tools learn its conventions. */
public final class KernelVariables {

  private static final int NO_CACHE = 0x200;
  private static final int GUARD = 0x100;
  private static final int WRITE_COMBINE = 0x400;
  private static final int[] PROTECTIONS = {1, 2, 0x10, 0x20, 4, 8, 0x40, 0x80};
  private static final int[] MODIFIERS = {0, NO_CACHE, GUARD, WRITE_COMBINE};

  private final KernelSpace space;

  public KernelVariables(KernelSpace space) {
    this.space = space;
  }

  public void write() {
    long table = space.symbol("MmProtectToValue");
    for (int i = 0; i < PROTECTIONS.length * MODIFIERS.length; i++) {
      int value = PROTECTIONS[i % PROTECTIONS.length] | MODIFIERS[i / PROTECTIONS.length];
      space.kernel.putInt(table + 4L * i, value);
    }
    if (space.facts.hasSymbol("ObpCaptureHandleInformationEx")) {
      byte[] code = {0x48, (byte) 0xc1, (byte) 0xf8, 0x10, (byte) 0xc3}; // sar rax, 10h; ret
      space.kernel.put(space.symbol("ObpCaptureHandleInformationEx"), code);
    }
    if (space.facts.hasSymbol("MiState")) {
      space
          .struct("_MI_SYSTEM_INFORMATION", space.symbol("MiState"))
          .u64("Hardware.InvalidPteMask", space.facts.release().number("/invalidPteMask"));
    }
  }
}
