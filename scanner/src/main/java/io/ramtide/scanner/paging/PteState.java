package io.ramtide.scanner.paging;

/** What Windows says of a page with its x64 page-table entry. */
public enum PteState {
  VALID("resident", "readable"),
  /** On its way to or from disk; the frame still holds it. */
  TRANSITION("in transition", "in transition"),
  /** Shared: a prototype PTE elsewhere says where. */
  PROTOTYPE("behind a prototype PTE", "behind a prototype PTE"),
  /** Where it is has to be asked of the VAD. */
  VAD_PROTOTYPE("described by its VAD only", "described by its VAD only"),
  /** Of a mapped file, and not read from it yet, or dropped again. */
  IN_FILE("in its file, not in memory", "in file"),
  PAGEFILE("in a pagefile", "paged out"),
  /** In the memory-compression store. */
  COMPRESSED("compressed", "compressed"),
  /** Will be zeros when first touched. */
  DEMAND_ZERO("demand-zero", "demand-zero"),
  UNMAPPED("not mapped", "not mapped");

  private final String text;
  private final String status;

  PteState(String text, String status) {
    this.text = text;
    this.status = status;
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
