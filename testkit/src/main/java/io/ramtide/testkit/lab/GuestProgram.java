package io.ramtide.testkit.lab;

/** What a guest of the lab runs. Addresses are guest-physical; numbers are little-endian. */
public final class GuestProgram {

  /** The first byte that the program uses once it runs: its code. */
  public static final long START = 0x110000;

  /** A page: counter u64 at 0, mode u32 at 8, mode obeyed u32 at 12, CR3 u32 at 16. */
  public static final long CONTROL = 0x111000;

  /** Pages at whose byte 64 the program writes the counter's low 32 bits. */
  public static final long RING = 0x112000;

  /** How many pages the ring has. */
  public static final int RING_PAGES = 32;

  /** The first byte behind all that the program uses. */
  public static final long END = RING + RING_PAGES * 4096L;

  private GuestProgram() {}
}
