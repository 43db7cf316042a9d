package io.ramtide.testkit.windows.image;

import io.ramtide.testkit.windows.KernelSpace;

/**
 * The start-up code for further processors in the first megabyte, from which tools take the page
 * table root: a jump at 0, the kernel's entry at 70, the PML4 at a0. Source: MemProcFS,
 * vmm/vmmwininit.c.
 */
public final class LowStub {

  private static final long SIGNATURE = 0x00000001000600e9L;
  private static final int KERNEL_ENTRY = 0x70;
  private static final int PML4 = 0xa0;

  private final KernelSpace space;

  public LowStub(KernelSpace space) {
    this.space = space;
  }

  public void write() {
    long gpa = space.facts.release().number("/lowStub");
    space.frames.reserve(gpa, 4096);
    space.ram.putLong(gpa, SIGNATURE);
    space.ram.putLong(gpa + KERNEL_ENTRY, space.imageVa + 0x1000);
    space.ram.putLong(gpa + PML4, space.root);
  }
}
