package io.ramtide.scanner.paging;

import io.ramtide.scanner.memory.TestMemory;

/**
 * Windows's translation of an x64 address written down step by step, without modes, formats or
 * caches: what the engine is compared with. The oldest entries of memory are believed, wherever
 * they lead.
 */
final class NaiveTranslator {
  /** There is nothing to read. */
  static final long NOWHERE = -1;

  /** Reads as zeros. */
  static final long ZEROS = -2;

  private static final long FRAME_BITS = 0x000f_ffff_ffff_f000L;
  private static final long SOFTWARE_FRAME_BITS = 0x0000_ffff_ffff_f000L;

  private final TestMemory memory;
  private final long bytes;
  private final long kernelRoot;
  private final int topShift;
  private final long mask;

  /**
   * @param topShift 39 with four levels, 48 with five
   * @param mask InvalidPteMask; 0 if the guest has none
   */
  NaiveTranslator(TestMemory memory, long kernelRoot, int topShift, long mask) {
    this.memory = memory;
    this.bytes = memory.ram().get(0).length();
    this.kernelRoot = kernelRoot;
    this.topShift = topShift;
    this.mask = mask;
  }

  long translate(long root, long va) {
    return translate(root, va, 0);
  }

  private long translate(long root, long va, int prototypes) {
    int unused = 64 - topShift - 9;
    if (va << unused >> unused != va) {
      return NOWHERE;
    }
    long table = root;
    for (int shift = topShift; shift >= 12; shift -= 9) {
      long at = table + (va >>> shift & 0x1ff) * 8;
      if (at >= bytes) {
        return NOWHERE;
      }
      long entry = memory.readLong(at);
      if (entry % 2 != 0) {
        boolean large = (shift == 30 || shift == 21) && (entry & 0x80) != 0;
        if (large || shift == 12) {
          long size = 1L << shift;
          return (entry & FRAME_BITS) / size * size + (va & (size - 1));
        }
        table = entry & FRAME_BITS;
        continue;
      }
      if (entry != 0 && mask != 0 && (entry & 0x10) == 0) {
        entry &= ~mask;
      }
      boolean vadForm = entry >>> 32 == 0xffff_ffffL;
      boolean isPrototype = (entry & 0x400) != 0;
      boolean isTransition = !isPrototype && (entry & 0x800) != 0;
      if (vadForm) {
        return NOWHERE;
      }
      if (isTransition && shift > 12) {
        table = entry & SOFTWARE_FRAME_BITS;
        continue;
      }
      if (shift > 12) {
        return NOWHERE;
      }
      if (isTransition) {
        return (entry & SOFTWARE_FRAME_BITS) | (va & 0xfff);
      }
      return isPrototype ? prototype(entry >> 16, va, prototypes) : software(entry);
    }
    return NOWHERE;
  }

  private long prototype(long address, long va, int followed) {
    if (address >= 0 || address % 8 != 0 || followed == PageTables.MAX_PROTOTYPES) {
      return NOWHERE;
    }
    long at = translate(kernelRoot, address, followed + 1);
    if (at == NOWHERE || at == ZEROS || at >= bytes) {
      return NOWHERE;
    }
    long entry = memory.readLong(at);
    if (entry % 2 != 0) {
      return (entry & FRAME_BITS) | (va & 0xfff);
    }
    if (entry != 0 && mask != 0 && (entry & 0x10) == 0) {
      entry &= ~mask;
    }
    if ((entry & 0x400) != 0) {
      return NOWHERE;
    }
    return (entry & 0x800) != 0 ? (entry & SOFTWARE_FRAME_BITS) | (va & 0xfff) : software(entry);
  }

  /** Neither prototype nor transition: zeros by demand if only a protection is set. */
  private static long software(long entry) {
    long protection = entry >>> 5 & 0x1f;
    return entry >>> 32 == 0 && protection != 0 && protection != 0x10 ? ZEROS : NOWHERE;
  }
}
