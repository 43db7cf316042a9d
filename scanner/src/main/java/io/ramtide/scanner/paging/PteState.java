package io.ramtide.scanner.paging;

/**
 * What Windows says with an x64 page-table entry. Facts: bit positions of the public
 * _MMPTE_HARDWARE, _MMPTE_TRANSITION, _MMPTE_PROTOTYPE and _MMPTE_SOFTWARE types.
 */
public enum PteState {
  VALID("resident", "readable"),
  /** On its way to or from disk; the frame may still hold it. */
  TRANSITION("in transition", "in transition"),
  /** Shared: a prototype PTE elsewhere says where. */
  PROTOTYPE("behind a prototype PTE", "behind a prototype PTE"),
  /** A prototype PTE that has to be asked from the VAD. */
  VAD_PROTOTYPE("described by its VAD only", "described by its VAD only"),
  PAGEFILE("in a pagefile or compressed", "paged out"),
  /** Will be zeros when first touched. */
  DEMAND_ZERO("demand-zero", "demand-zero"),
  UNMAPPED("not mapped", "not mapped");

  private static final long PRESENT = 1;
  private static final long PROTOTYPE_BIT = 1 << 10;
  private static final long TRANSITION_BIT = 1 << 11;
  private static final int PROTOTYPE_ADDRESS_SHIFT = 16;
  private static final long ASK_VAD = 0xffff_ffff_0000L;

  private final String text;
  private final String status;

  PteState(String text, String status) {
    this.text = text;
    this.status = status;
  }

  public static PteState of(long entry) {
    if ((entry & PRESENT) != 0) {
      return VALID;
    }
    if (entry == 0) {
      return UNMAPPED;
    }
    if ((entry & PROTOTYPE_BIT) != 0) {
      return entry >>> PROTOTYPE_ADDRESS_SHIFT == ASK_VAD ? VAD_PROTOTYPE : PROTOTYPE;
    }
    if ((entry & TRANSITION_BIT) != 0) {
      return TRANSITION;
    }
    return entry >>> 32 != 0 ? PAGEFILE : DEMAND_ZERO;
  }

  /** For messages: "page is ...". */
  public String text() {
    return text;
  }

  /** For the status of a text that could not be read: "paged out", ... */
  public String status() {
    return status;
  }
}
