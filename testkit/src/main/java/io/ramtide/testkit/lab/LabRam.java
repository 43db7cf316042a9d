package io.ramtide.testkit.lab;

import io.ramtide.testkit.ram.RamRange;
import java.io.IOException;
import java.util.List;

/**
 * What a guest's RAM holds now: the truth that captures are compared with. It is found by the
 * machine's known layout, not by QEMU's memory tree. Reading shared RAM allocates nothing.
 */
public final class LabRam {

  LabRam() {}

  /**
   * Guest-physical ranges that are RAM, ascending, DIMMs included. The legacy area from a0000 to
   * fffff, of which parts are RAM on some machines, is left out.
   */
  public List<RamRange> ranges() {
    throw new UnsupportedOperationException();
  }

  /** Reads guest-physical bytes, all in one of the ranges or in the legacy area. */
  public byte[] read(long gpa, int length) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Writes guest-physical bytes, as another processor of the guest would. */
  public void write(long gpa, byte[] bytes) throws IOException {
    throw new UnsupportedOperationException();
  }
}
