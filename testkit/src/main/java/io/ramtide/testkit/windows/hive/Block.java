package io.ramtide.testkit.windows.hive;

/** A block of a hive, 4 KiB: where it is mapped, and what became of its page. */
final class Block {

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

  boolean inRam() {
    return gpa != -1;
  }
}
