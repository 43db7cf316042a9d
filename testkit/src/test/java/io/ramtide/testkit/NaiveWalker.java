package io.ramtide.testkit;

import io.ramtide.testkit.ram.GuestRam;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads a snapshot with nothing but x86-64 paging and written-down offsets. */
final class NaiveWalker {

  /** What the tests know of a kernel, on their own: not from the testkit's data files. */
  record Offsets(long activeHead, int links, int pid, int name, int create, int exit, int root) {
    static final Offsets WINDOWS_7 = new Offsets(0x21b940, 0x188, 0x180, 0x2e0, 0x168, 0x170, 0x28);
    static final Offsets WINDOWS_10 =
        new Offsets(0xc1e060, 0x448, 0x440, 0x5a8, 0x468, 0x840, 0x28);
  }

  private final GuestRam ram;
  private final long root;

  NaiveWalker(GuestRam ram, long root) {
    this.ram = ram;
    this.root = root;
  }

  /** Guest-physical address, or -1 where nothing is mapped. */
  long translate(long va) {
    long table = root;
    for (int shift = 39; ; shift -= 9) {
      long entry = physical(table + 8 * (va >>> shift & 511));
      if ((entry & 1) == 0) {
        return -1;
      }
      long address = entry & 0x000ffffffffff000L;
      if (shift == 12) {
        return address + (va & 0xfff);
      }
      if (shift == 21 && (entry & 0x80) != 0) {
        return (address & -0x200000L) + (va & 0x1fffff);
      }
      table = address;
    }
  }

  long u64(long va) {
    return ByteBuffer.wrap(bytes(va, 8)).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  byte[] bytes(long va, int length) {
    byte[] result = new byte[length];
    for (int i = 0; i < length; i++) {
      result[i] = ram.read(translate(va + i), 1)[0];
    }
    return result;
  }

  /** The page at an address that is a multiple of 4096. */
  byte[] page(long va) {
    return ram.read(translate(va), 4096);
  }

  String text(long va, int max) {
    String text = new String(bytes(va, max), StandardCharsets.ISO_8859_1);
    return text.contains("\0") ? text.substring(0, text.indexOf('\0')) : text;
  }

  /** The active list as process truths; onActiveList is true and freed false for all. */
  List<ProcessTruth> activeList(long kernelBase, Offsets at, int parentOffset) {
    List<ProcessTruth> found = new ArrayList<>();
    long head = kernelBase + at.activeHead();
    long previous = head;
    for (long entry = u64(head); entry != head && found.size() < 1000; entry = u64(entry)) {
      if (u64(entry + 8) != previous) {
        throw new AssertionError("Blink of %#x is not %#x".formatted(entry, previous));
      }
      previous = entry;
      long process = entry - at.links();
      found.add(
          new ProcessTruth(
              (int) u64(process + at.pid()),
              (int) u64(process + parentOffset),
              text(process + at.name(), 15),
              u64(process + at.create()),
              u64(process + at.exit()),
              u64(process + at.root()) & -0x1000L,
              process,
              translate(process),
              true,
              false));
    }
    return found;
  }

  private long physical(long gpa) {
    return ByteBuffer.wrap(ram.read(gpa, 8)).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }
}
