package io.ramtide.scanner.paging;

import java.util.List;
import java.util.stream.Stream;

/**
 * A paging mode as data: what {@link PageTables} needs to walk it.
 *
 * @param levels from the root down
 * @param addressMask bits of an entry, or of CR3, that hold a GPA: 51:12
 * @param presentBit an entry without it is left to the operating system
 * @param leafBit on a level that allows leaves: the entry maps memory itself (PS)
 */
public record PagingMode(
    String name, List<Level> levels, long addressMask, long presentBit, long leafBit) {

  public static final int ENTRY_BYTES = 8;

  /**
   * One level of tables.
   *
   * @param shift number of address bits below its index: an entry spans {@code 1 << shift} bytes
   * @param bits of its index
   * @param mayBeLeaf whether the leaf bit counts here; the last level always maps memory
   */
  public record Level(String name, int shift, int bits, boolean mayBeLeaf) {
    int index(long va) {
      return (int) (va >>> shift) & (entries() - 1);
    }

    int entries() {
      return 1 << bits;
    }

    /** Bytes that an entry of this level spans. */
    long span() {
      return 1L << shift;
    }
  }

  private static final List<Level> FOUR_LEVELS =
      List.of(
          new Level("PML4E", 39, 9, false),
          new Level("PDPTE", 30, 9, true),
          new Level("PDE", 21, 9, true),
          new Level("PTE", 12, 9, false));

  /** x64 with four levels: Intel SDM volume 3, 4.5. */
  public static final PagingMode X64_4_LEVEL =
      new PagingMode("x64, 4 levels", FOUR_LEVELS, 0x000f_ffff_ffff_f000L, 1, 0x80);

  /** x64 with five levels, where CR4.LA57 is set: Intel SDM volume 3, 4.5. */
  public static final PagingMode X64_5_LEVEL =
      new PagingMode(
          "x64, 5 levels",
          Stream.concat(Stream.of(new Level("PML5E", 48, 9, false)), FOUR_LEVELS.stream()).toList(),
          0x000f_ffff_ffff_f000L,
          1,
          0x80);

  public PagingMode {
    levels = List.copyOf(levels);
  }

  /** The root table's GPA in a CR3 or DirectoryTableBase, without PCID and flags. */
  public long root(long cr3) {
    return cr3 & addressMask;
  }

  /** Whether the unused high bits of {@code va} repeat its highest used bit. */
  public boolean isCanonical(long va) {
    int unused = 64 - addressBits();
    return va << unused >> unused == va;
  }

  /** Whether {@code va} is canonical and in the upper half, the kernel's. */
  public boolean isKernel(long va) {
    return va < 0 && isCanonical(va);
  }

  /** The first address of the upper half. */
  public long kernelStart() {
    return -1L << (addressBits() - 1);
  }

  private int addressBits() {
    return levels.get(0).shift() + levels.get(0).bits();
  }
}
