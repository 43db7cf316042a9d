package io.ramtide.scanner.paging;

/**
 * A page-table entry, not valid for the processor, as Windows means it.
 *
 * @param address TRANSITION: GPA of the frame; PROTOTYPE: VA of the prototype PTE; IN_FILE: VA of
 *     the subsection; PAGEFILE and COMPRESSED: offset in the pagefile, bytes; else 0
 * @param pagefile PAGEFILE and COMPRESSED: the pagefile's number; else 0
 */
public record SoftwarePte(PteState state, long address, int pagefile) {
  static SoftwarePte of(PteState state) {
    return new SoftwarePte(state, 0, 0);
  }

  /** For messages: "page is ...", with the place where it is. */
  String text() {
    return switch (state) {
      case PAGEFILE -> "in pagefile %d at 0x%x".formatted(pagefile, address);
      case COMPRESSED -> "compressed (virtual pagefile %d at 0x%x)".formatted(pagefile, address);
      case PROTOTYPE -> "behind a prototype PTE at 0x%x".formatted(address);
      default -> state.text();
    };
  }
}
