package io.ramtide.scanner.windows.guest;

import java.util.List;
import java.util.Set;

/**
 * Decodes some kinds of findings. Hostile memory ends in notes to the sink: every walk, length,
 * depth and count that comes from it is bounded.
 */
public interface Decoder {
  /** Kinds that {@link #decode} gives. */
  Set<What> kinds();

  /** Completes the finding of a process; called for every process, before {@link #decode}. */
  default void describe(Guest guest, GuestProcess process, FindingSink sink) {}

  /** Gives the findings of its kinds; called only if the sink wants one of them. */
  default void decode(Guest guest, List<GuestProcess> processes, FindingSink sink) {}
}
