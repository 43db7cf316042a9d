package io.ramtide.scanner.paging;

import io.ramtide.scanner.memory.PhysicalMemory;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;

/** Kernel addresses of chosen frames, by one walk over the kernel half of the page tables. */
public final class ReverseMap {
  private static final long FRAME_MASK = -PhysicalMemory.FRAME_BYTES;

  private final Map<Long, Long> vaByFrame = new HashMap<>();

  /**
   * @param gpas any addresses in the frames in question
   * @param selfMapIndex root slot in which the tables map themselves, not walked; negative if none
   */
  public ReverseMap(PageTables tables, Iterable<Long> gpas, int selfMapIndex) {
    NavigableSet<Long> wanted = new TreeSet<>();
    gpas.forEach(gpa -> wanted.add(gpa & FRAME_MASK));
    if (wanted.isEmpty()) {
      return;
    }
    PagingMode mode = tables.mode();
    MappingWalk.Visitor visitor = (va, gpa, bytes) -> mapping(wanted, va, gpa, bytes);
    if (selfMapIndex < 0) {
      MappingWalk.walk(tables, mode.kernelStart(), -1, visitor);
      return;
    }
    long span = mode.levels().get(0).span();
    long selfMap = mode.kernelStart() + (selfMapIndex - mode.levels().get(0).entries() / 2) * span;
    if (selfMap != mode.kernelStart()) {
      MappingWalk.walk(tables, mode.kernelStart(), selfMap - 1, visitor);
    }
    if (selfMap + span != 0) {
      MappingWalk.walk(tables, selfMap + span, -1, visitor);
    }
  }

  private boolean mapping(NavigableSet<Long> wanted, long va, long gpa, long bytes) {
    if (bytes == PhysicalMemory.FRAME_BYTES) {
      if (wanted.contains(gpa)) {
        vaByFrame.putIfAbsent(gpa, va);
      }
    } else {
      wanted
          .subSet(gpa, true, gpa + bytes, false)
          .forEach(frame -> vaByFrame.putIfAbsent(frame, va + (frame - gpa)));
    }
    return vaByFrame.size() < wanted.size();
  }

  /** The lowest kernel address that the tables give to {@code gpa}. */
  public OptionalLong va(long gpa) {
    Long va = vaByFrame.get(gpa & FRAME_MASK);
    return va == null ? OptionalLong.empty() : OptionalLong.of(va | (gpa & ~FRAME_MASK));
  }
}
