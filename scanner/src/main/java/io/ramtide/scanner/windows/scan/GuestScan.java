package io.ramtide.scanner.windows.scan;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.signature.BoundedHits;
import io.ramtide.scanner.signature.Signature;
import io.ramtide.scanner.signature.SignatureScanner;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.SymbolStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one pass over a guest's memory found: page-table roots, process tags and headers, KDBG. */
public final class GuestScan {
  /** VA of KUSER_SHARED_DATA in every build: KI_USER_SHARED_DATA of the Windows Driver Kit. */
  public static final long USER_SHARED_DATA = 0xffff_f780_0000_0000L;

  /** More processes than any guest has; 0.5 MiB a signature. */
  static final int MAX_HITS = 1 << 16;

  private static final String TAG = "pool tag ";
  private static final String HEADER = "dispatcher header ";

  /** OwnerTag of a kernel debugger block: "KDBG", read little-endian. */
  public static final int KDBG_TAG = 0x4742_444b;

  private static final Signature KDBG = new Signature("KDBG", Signature.Place.START, KDBG_TAG);
  private static final int PROCESS_TYPE = 3;

  private final PhysicalMemory memory;
  private final RootProbe roots;
  private final int waitListHead;
  private final Map<Signature, BoundedHits> hits = new HashMap<>();

  private GuestScan(PhysicalMemory memory, SymbolStore symbols) {
    this.memory = memory;
    this.roots = new RootProbe(memory);
    this.waitListHead = symbols.common().type("DISPATCHER_HEADER").offset("WaitListHead");
    Set<Signature> signatures = new LinkedHashSet<>(List.of(KDBG));
    for (Layout layout : symbols.layouts()) {
      signatures.add(tag(layout));
      signatures.add(header(layout));
    }
    signatures.forEach(signature -> hits.put(signature, new BoundedHits(MAX_HITS)));
  }

  /** Passes over the memory once, looking for what any of the store's layouts may need. */
  public static GuestScan of(PhysicalMemory memory, SymbolStore symbols) {
    GuestScan scan = new GuestScan(memory, symbols);
    new SignatureScanner(List.copyOf(scan.hits.keySet()), scan::hit, scan.roots).scan(memory);
    return scan;
  }

  private static Signature tag(Layout layout) {
    String name = TAG + Integer.toHexString(layout.processTag());
    return new Signature(name, Signature.Place.TAG, layout.processTag());
  }

  /** Type 3, Size as the layout has it, every other byte zero. */
  private static Signature header(Layout layout) {
    int value = PROCESS_TYPE | layout.processHeaderSize() << 16;
    return new Signature(HEADER + Integer.toHexString(value), Signature.Place.START, value);
  }

  private void hit(Signature signature, long gpa, ByteBuffer block, int offset) {
    // A process's wait list is never empty of pointers: it at least points at itself.
    if (signature.name().startsWith(HEADER)
        && block.getLong(offset + waitListHead) >>> 47 != 0x1ffff) {
      return;
    }
    hits.get(signature).add(gpa);
  }

  public PhysicalMemory memory() {
    return memory;
  }

  /** Page-table roots that refer to themselves, of any paging mode. */
  public List<RootCandidate> roots() {
    return roots.roots();
  }

  /** GPAs of page-table roots that start-up code in the first megabyte names. */
  public List<Long> stubRoots() {
    return roots.stubRoots();
  }

  /** GPAs of pool headers with the layout's process tag. */
  public long[] processTags(Layout layout) {
    return hits.get(tag(layout)).gpas();
  }

  /** GPAs of dispatcher headers as the layout's processes have them. */
  public long[] processHeaders(Layout layout) {
    return hits.get(header(layout)).gpas();
  }

  /** GPAs of the owner tags of kernel debugger blocks. */
  public long[] debuggerBlocks() {
    return hits.get(KDBG).gpas();
  }

  /** How many places look like a process of any layout. */
  public long processTraces() {
    return hits.entrySet().stream()
        .filter(hit -> !hit.getKey().equals(KDBG))
        .mapToLong(hit -> hit.getValue().gpas().length)
        .sum();
  }

  /** What was found but not kept, for people. */
  public List<String> cuts() {
    List<String> cuts = new ArrayList<>();
    hits.forEach(
        (signature, found) -> {
          if (found.cut() > 0) {
            cuts.add(
                "%s: only the first %d of %d places were looked at"
                    .formatted(signature.name(), MAX_HITS, MAX_HITS + found.cut()));
          }
        });
    return cuts;
  }
}
