package io.ramtide.scanner.windows.scan;

/**
 * A frame that looks like a page-table root.
 *
 * @param gpa of the frame
 * @param selfMapIndex slot that refers to the frame itself
 */
public record RootCandidate(long gpa, int selfMapIndex) {}
