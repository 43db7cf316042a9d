package io.ramtide.acquirer.pages;

import io.ramtide.acquirer.source.MemoryRange;
import java.util.List;

/**
 * What one pass is to do besides telling what changed.
 *
 * @param refresh frames to tell although they may not have changed
 * @param verifyBlocks compare the SHA-256 of what is copied before and after the copy
 * @param unchanged RAM that surely is as the states have it, ascending and disjoint; it is not read
 */
public record PassOptions(FrameSpan refresh, boolean verifyBlocks, List<MemoryRange> unchanged) {
  public static final PassOptions USUAL = new PassOptions(FrameSpan.NONE, false, List.of());
}
