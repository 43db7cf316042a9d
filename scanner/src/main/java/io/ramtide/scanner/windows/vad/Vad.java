package io.ramtide.scanner.windows.vad;

/**
 * A virtual address descriptor: one region of a process.
 *
 * @param va of the MMVAD or MMVAD_SHORT, in the kernel
 * @param tag pool tag before it, if it is one of a VAD; else null
 * @param start VA of its first byte
 * @param end VA of its last byte
 * @param protection index into MmProtectToValue
 * @param type MI_VAD_TYPE
 * @param isCommitted whether its pages were committed at once: MemCommit
 * @param commitCharge pages
 * @param subsection VA of the SUBSECTION it maps; 0: none
 * @param firstPrototypePte VA of the prototype PTE of its first page; 0: none
 * @param lastContiguousPte VA of the last prototype PTE in a row with the first
 */
public record Vad(
    long va,
    String tag,
    long start,
    long end,
    int protection,
    int type,
    boolean privateMemory,
    boolean isCommitted,
    long commitCharge,
    long subsection,
    long firstPrototypePte,
    long lastContiguousPte) {

  /** Whether it holds a VA. */
  public boolean contains(long address) {
    return start <= address && address <= end;
  }

  /** Whether it maps an image: VadImageMap. */
  public boolean isImage() {
    return typeText().equals("imageMap");
  }

  /** Whether its protection, as first asked for, lets code run. */
  public boolean isExecutable() {
    return protectionText().contains("EXECUTE");
  }

  /** Whether its protection, as first asked for, lets bytes change, be it in a copy. */
  public boolean isWritable() {
    return protectionText().contains("WRITE");
  }

  /** PAGE_READWRITE, ... */
  public String protectionText() {
    return VadFacts.shipped().protection(protection);
  }

  /** Name of its MI_VAD_TYPE without "Vad": none, imageMap, ... */
  public String typeText() {
    return VadFacts.shipped().type(type);
  }
}
