package io.ramtide.acquirer;

import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.acquirer.source.SourceDescription;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.Source;
import java.util.List;

/** Finds out which of the sources an earlier run has captured. */
final class Resumption {
  private Resumption() {}

  /**
   * The capture numbers of the sources that are done, from the first source on: all of them if they
   * are captures in a row anywhere, the last ones first; otherwise as many as the history ends
   * with.
   */
  static List<Long> done(List<Manifest> history, List<MemorySource> sources) {
    for (int from = history.size() - sources.size(); from >= 0; from--) {
      if (matches(history.subList(from, from + sources.size()), sources)) {
        return numbers(history.subList(from, from + sources.size()));
      }
    }
    for (int count = Math.min(history.size(), sources.size()); count > 0; count--) {
      List<Manifest> end = history.subList(history.size() - count, history.size());
      if (matches(end, sources.subList(0, count))) {
        return numbers(end);
      }
    }
    return List.of();
  }

  private static boolean matches(List<Manifest> captures, List<MemorySource> sources) {
    for (int i = 0; i < sources.size(); i++) {
      boolean inARow = captures.get(i).getCapture() == captures.get(0).getCapture() + i;
      if (!inARow || !isOf(captures.get(i).getSource(), sources.get(i).description())) {
        return false;
      }
    }
    return true;
  }

  /** A source without size and time, e.g. a running guest, is never the same again. */
  private static boolean isOf(Source captured, SourceDescription source) {
    return source.bytes().isPresent()
        && source.modifiedAtMicros().isPresent()
        && captured.getName().equals(source.name())
        && captured.getBytes() != null
        && captured.getBytes() == source.bytes().getAsLong()
        && captured.getModifiedAt() != null
        && captured.getModifiedAt() == source.modifiedAtMicros().getAsLong();
  }

  private static List<Long> numbers(List<Manifest> captures) {
    return captures.stream().map(Manifest::getCapture).toList();
  }
}
