package io.ramtide.acquirer.source;

import java.util.List;

/**
 * What the host's kernel knows of the pages that were written. Tokens name moments and are unique
 * in this process.
 *
 * @param how as in the manifest, e.g. soft-dirty
 * @param token of this source: a page written after it was opened is not in {@code unchanged} of a
 *     later source that names this token
 * @param since token of the source that {@code unchanged} is compared with; 0 for none
 * @param unchanged guest-physical RAM that was surely not written since then, whoever wrote;
 *     ascending and disjoint, whole frames
 */
public record ChangeHint(String how, long token, long since, List<MemoryRange> unchanged) {
  public ChangeHint {
    unchanged = List.copyOf(unchanged);
  }
}
