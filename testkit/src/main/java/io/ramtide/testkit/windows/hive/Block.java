package io.ramtide.testkit.windows.hive;

/** A block of a hive, 4 KiB: where it is mapped, and what became of its page. */
public final class Block {

  final long va;
  final long binVa;
  final int binBytes;
  long gpa;
  String state = "valid";

  Block(long va, long binVa, int binBytes, long gpa) {
    this.va = va;
    this.binVa = binVa;
    this.binBytes = binBytes;
    this.gpa = gpa;
  }

  boolean isFirstOfBin() {
    return va == binVa;
  }

  /** VA it is mapped at. */
  public long va() {
    return va;
  }

  /** GPA of its content; -1: not in RAM. */
  public long gpa() {
    return gpa;
  }

  /** Valid, transition, pagefile or absent. */
  public String state() {
    return state;
  }

  boolean inRam() {
    return gpa != -1;
  }
}
