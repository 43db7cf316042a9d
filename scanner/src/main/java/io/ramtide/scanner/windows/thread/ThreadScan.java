package io.ramtide.scanner.windows.thread;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.paging.ReverseMap;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.scan.PoolTag;
import io.ramtide.schemas.View;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;

/** Threads among the places that carry a thread's pool tag or dispatcher header. */
final class ThreadScan {
  private static final int ALIGNMENT = 16;
  private static final long FRAME_MASK = -PhysicalMemory.FRAME_BYTES;

  /** Name, handle, quota, process, creator and padding information fit into this. */
  private static final int MAX_OPTIONAL_HEADERS = 0xa0;

  private final Guest guest;
  private final ThreadReader reader;
  private final ThreadRules rules;
  private final BiConsumer<RawThread, View> found;
  private final Set<Long> tags = new HashSet<>();
  private final Set<Long> places = new HashSet<>();
  private final int poolHeader;
  private final int objectHeader;

  /**
   * @param found takes every thread with the view that has it, some of them twice
   */
  ThreadScan(
      Guest guest, ThreadReader reader, ThreadRules rules, BiConsumer<RawThread, View> found) {
    this.guest = guest;
    this.reader = reader;
    this.rules = rules;
    this.found = found;
    Layout layout = guest.layout();
    this.poolHeader = layout.type("POOL_HEADER").size();
    this.objectHeader = layout.type("OBJECT_HEADER").offset("Body");
  }

  void run() {
    Map<Long, View> unmapped = new LinkedHashMap<>();
    Set<Long> acrossPages = new LinkedHashSet<>();
    int build = guest.layout().firstBuild();
    for (long tag : guest.scan().tags(PoolTag.of("thread"), build)) {
      tags.add(tag);
      for (int distance = nearest(); distance <= farthest(); distance += ALIGNMENT) {
        if ((tag & FRAME_MASK) == (tag + distance & FRAME_MASK)) {
          place(tag + distance, View.poolScan, unmapped);
        } else {
          acrossPages.add(tag);
        }
      }
    }
    for (long header : guest.scan().threadHeaders(build)) {
      place(header, View.headerScan, unmapped);
    }
    findAddresses(unmapped, acrossPages);
  }

  private int nearest() {
    return poolHeader + objectHeader;
  }

  private int farthest() {
    return nearest() + MAX_OPTIONAL_HEADERS;
  }

  private void place(long gpa, View view, Map<Long, View> unmapped) {
    if (!hasHeader(gpa) || !places.add(gpa)) {
      return;
    }
    RawThread thread = reader.atGpa(gpa);
    if (thread.va().isEmpty()) {
      unmapped.putIfAbsent(gpa, view);
    } else {
      judge(thread, view);
    }
  }

  /** Cheap, before anything is copied. */
  private boolean hasHeader(long gpa) {
    OptionalLong first = guest.frames().qword(gpa);
    return first.isPresent() && (first.getAsLong() & 0xff) == RawThread.DISPATCHER_TYPE;
  }

  /** Those that do not tell their address, and those whose pool header ends the page before. */
  private void findAddresses(Map<Long, View> unmapped, Set<Long> acrossPages) {
    Set<Long> wanted = new HashSet<>(unmapped.keySet());
    wanted.addAll(acrossPages);
    ReverseMap addresses =
        new ReverseMap(guest.space().tables(), wanted, guest.kernel().selfMapIndex());
    unmapped.forEach(
        (gpa, view) -> {
          OptionalLong va = addresses.va(gpa);
          RawThread thread = reader.atGpa(gpa);
          judge(va.isPresent() ? reader.atVa(va.getAsLong()).orElse(thread) : thread, view);
        });
    for (long tag : acrossPages) {
      OptionalLong va = addresses.va(tag);
      for (int distance = nearest(); va.isPresent() && distance <= farthest(); ) {
        if ((tag & FRAME_MASK) != (tag + distance & FRAME_MASK)) {
          reader.atVa(va.getAsLong() + distance).ifPresent(at -> judge(at, View.poolScan));
        }
        distance += ALIGNMENT;
      }
    }
  }

  private void judge(RawThread thread, View view) {
    if (rules.isThread(thread)) {
      found.accept(thread, view == View.headerScan && isTagged(thread) ? View.poolScan : view);
    }
  }

  /** Whether one of the pool headers with the tag precedes it, maybe in the page before. */
  private boolean isTagged(RawThread thread) {
    for (int distance = nearest(); distance <= farthest(); distance += ALIGNMENT) {
      OptionalLong header =
          thread.va().isPresent()
              ? guest.space().gpa(thread.va().getAsLong() - distance)
              : OptionalLong.of(thread.gpa().orElse(0) - distance);
      if (header.isPresent() && tags.contains(header.getAsLong())) {
        return true;
      }
    }
    return false;
  }
}
