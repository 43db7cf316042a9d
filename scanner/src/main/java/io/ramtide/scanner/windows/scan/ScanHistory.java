package io.ramtide.scanner.windows.scan;

import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.signature.Signature;
import io.ramtide.scanner.symbols.SymbolStore;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * What scans of some memories found, so that the next one of a memory looks only at the frames that
 * changed. It is a cache, and bounded: without an entry, all frames are looked at.
 */
public final class ScanHistory {
  /** At most 32 MiB with the next. */
  static final int MAX_MEMORIES = 16;

  /** Of a guest that has more traces, none are kept. */
  static final int MAX_HITS = 1 << 18;

  private final Map<PhysicalMemory, Known> scans = new WeakHashMap<>();

  /**
   * What a scan found, whole; it does not hold on to the memory.
   *
   * @param hits GPAs, ascending
   */
  record Known(Map<Signature, long[]> hits, List<RootCandidate> roots) {
    long count() {
      return hits.values().stream().mapToLong(gpas -> gpas.length).sum();
    }
  }

  /**
   * Scans a memory.
   *
   * @param changed frames that changed since the last scan of this memory
   */
  public GuestScan scan(PhysicalMemory memory, FrameSet changed, SymbolStore symbols) {
    Known known = scans.remove(memory.underlying());
    GuestScan scan =
        known == null || changed.isAll()
            ? GuestScan.of(memory, symbols)
            : GuestScan.again(memory, known, changed, symbols);
    scan.known()
        .filter(found -> found.count() <= MAX_HITS)
        .ifPresent(found -> keep(memory.underlying(), found));
    return scan;
  }

  private void keep(PhysicalMemory memory, Known found) {
    if (scans.size() == MAX_MEMORIES) {
      scans.clear();
    }
    scans.put(memory, found);
  }
}
