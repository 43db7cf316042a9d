package io.ramtide.testkit.windows.section;

import io.ramtide.testkit.windows.KernelFacts;
import io.ramtide.testkit.windows.KernelSpace;

/**
 * Page table entries of pages that are not valid, in this kernel's bit positions. Where the kernel
 * has an InvalidPteMask, an entry that has none of its bits is stored with them set, and one that
 * has some is stored as it is and marked by SwizzleBit. Source: MemProcFS, vmm/mm/mm_win.c.
 */
public final class Entries {

  private static final int READ_WRITE = 4; // MM_READWRITE
  private static final long VAD_FORM = 0xffffffff0000L; // "ask the VAD", in ProtoAddress

  private final KernelFacts facts;
  private final long mask;

  public Entries(KernelSpace space) {
    facts = space.facts;
    mask = facts.hasSymbol("MiState") ? facts.release().number("/invalidPteMask") : 0;
  }

  public long transition(long gpa) {
    long entry = set("_MMPTE_TRANSITION", "Transition", 0, 1);
    entry = set("_MMPTE_TRANSITION", "Protection", entry, READ_WRITE);
    return swizzle(set("_MMPTE_TRANSITION", "PageFrameNumber", entry, gpa >>> 12));
  }

  public long pageFile(int file, long page) {
    long entry = set("_MMPTE_SOFTWARE", "Protection", 0, READ_WRITE);
    entry = set("_MMPTE_SOFTWARE", "PageFileLow", entry, file);
    return swizzle(set("_MMPTE_SOFTWARE", "PageFileHigh", entry, page));
  }

  public long demandZero() {
    return swizzle(set("_MMPTE_SOFTWARE", "Protection", 0, READ_WRITE));
  }

  /** Refers to a prototype entry at a kernel address. */
  public long prototype(long va) {
    long entry = set("_MMPTE_PROTOTYPE", "Prototype", 0, 1);
    return swizzle(set("_MMPTE_PROTOTYPE", "ProtoAddress", entry, va));
  }

  public long vadPrototype() {
    long entry = set("_MMPTE_PROTOTYPE", "Prototype", 0, 1);
    entry = set("_MMPTE_PROTOTYPE", "Protection", entry, READ_WRITE);
    return swizzle(set("_MMPTE_PROTOTYPE", "ProtoAddress", entry, VAD_FORM));
  }

  /** A prototype entry whose page is in the file of a subsection. */
  public long subsection(long va) {
    long entry = set("_MMPTE_SUBSECTION", "Prototype", 0, 1);
    entry = set("_MMPTE_SUBSECTION", "Protection", entry, READ_WRITE);
    return swizzle(set("_MMPTE_SUBSECTION", "SubsectionAddress", entry, va));
  }

  private long set(String type, String field, long entry, long value) {
    return facts.insertBits(type, field, entry, value);
  }

  private long swizzle(long entry) {
    if (mask == 0) {
      return entry;
    }
    return (entry & mask) == 0 ? entry | mask : set("_MMPTE_SOFTWARE", "SwizzleBit", entry, 1);
  }
}
