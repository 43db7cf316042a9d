package io.ramtide.scanner.windows.scan;

import io.ramtide.scanner.paging.PagingMode;

/**
 * A frame that looks like a page-table root.
 *
 * @param gpa of the frame
 * @param selfMapIndex slot that refers to the frame itself; -1 if none does
 * @param mode in which it is a root
 */
public record RootCandidate(long gpa, int selfMapIndex, PagingMode mode, Origin origin) {
  /** What gave a root away. */
  public enum Origin {
    /** It was in a processor's CR3. */
    CR3("in a processor's CR3"),
    /** It refers to itself, from a slot of the kernel half. */
    SELF_REFERENCE("a frame that refers to itself"),
    /** The start-up code for further processors, in the first megabyte, has it. */
    LOW_STUB("in the processors' start-up code"),
    /** Something that looks like a process has it as its DirectoryTableBase. */
    PROCESS("the DirectoryTableBase of a process");

    private final String text;

    Origin(String text) {
      this.text = text;
    }
  }

  /** For people: how it was found. */
  public String text() {
    String levels = mode.equals(PagingMode.X64_4_LEVEL) ? "" : ", %s".formatted(mode.name());
    if (origin == Origin.SELF_REFERENCE) {
      return "root 0x%x%s: refers to itself in slot %d".formatted(gpa, levels, selfMapIndex);
    }
    return selfMapIndex < 0
        ? "root 0x%x%s: %s, without a reference to itself".formatted(gpa, levels, origin.text)
        : "root 0x%x%s: %s, refers to itself in slot %d"
            .formatted(gpa, levels, origin.text, selfMapIndex);
  }
}
