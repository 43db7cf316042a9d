package io.ramtide.scanner.windows.scan;

import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.signature.BoundedHits;
import io.ramtide.scanner.signature.Signature;
import io.ramtide.scanner.signature.SignatureScanner;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.SymbolStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one pass over a guest's memory found: page-table roots, pool tags, headers of processes,
 * threads and hives, KDBG.
 */
public final class GuestScan {
  /** VA of KUSER_SHARED_DATA in every build: KI_USER_SHARED_DATA of the Windows Driver Kit. */
  public static final long USER_SHARED_DATA = 0xffff_f780_0000_0000L;

  /** More objects of a kind than any guest has; up to 1 MiB a signature. */
  static final int MAX_HITS = 1 << 17;

  /** OwnerTag of a kernel debugger block: "KDBG", read little-endian. */
  public static final int KDBG_TAG = 0x4742_444b;

  /** HHIVE_SIGNATURE, read little-endian: at the start of a registry hive's structure. */
  private static final int HIVE_SIGNATURE = 0xbee0_bee0;

  private static final Signature HIVE =
      new Signature("hive", Signature.Place.START, HIVE_SIGNATURE);
  private static final Signature KDBG = new Signature("KDBG", Signature.Place.START, KDBG_TAG);
  private static final int PROCESS_TYPE = 3;

  private final PhysicalMemory memory;
  private final RootProbe roots;
  private final int waitListHead;
  private final IdentityHashMap<Signature, BoundedHits> hits = new IdentityHashMap<>();
  private final Map<Integer, Signature> tags = new HashMap<>();
  private final Map<Integer, Signature> headers = new HashMap<>();
  private final Map<Integer, Signature> threadHeaders = new HashMap<>();

  private GuestScan(PhysicalMemory memory, SymbolStore symbols) {
    this.memory = memory;
    this.roots = new RootProbe(memory);
    this.waitListHead = symbols.common().type("DISPATCHER_HEADER").offset("WaitListHead");
    for (PoolTag tag : PoolTag.all()) {
      tag.values().forEach(this::addTag);
    }
    for (Layout layout : symbols.layouts()) {
      addTag(layout.processTag());
      headers.computeIfAbsent(headerValue(layout), GuestScan::header);
    }
    ThreadHeaders.all().forEach(value -> threadHeaders.computeIfAbsent(value, GuestScan::header));
    hits.put(KDBG, new BoundedHits(MAX_HITS));
    hits.put(HIVE, new BoundedHits(MAX_HITS));
    tags.values().forEach(signature -> hits.put(signature, new BoundedHits(MAX_HITS)));
    headers.values().forEach(signature -> hits.put(signature, new BoundedHits(MAX_HITS)));
    threadHeaders.values().forEach(signature -> hits.put(signature, new BoundedHits(MAX_HITS)));
  }

  /** Passes over the memory once, looking for what any of the store's layouts may need. */
  public static GuestScan of(PhysicalMemory memory, SymbolStore symbols) {
    GuestScan scan = new GuestScan(memory, symbols);
    new SignatureScanner(List.copyOf(scan.hits.keySet()), scan::hit, scan.roots).scan(memory);
    return scan;
  }

  /**
   * The same as a pass over the whole memory, at the cost of the frames that changed since another:
   * whether a place is a hit depends on its frame alone.
   */
  static GuestScan again(
      PhysicalMemory memory, ScanHistory.Known known, FrameSet changed, SymbolStore symbols) {
    GuestScan scan = new GuestScan(memory, symbols);
    // Start-up code is looked at always: it is 1 MiB, and names roots by what several frames hold.
    FrameSet looked = changed.with(0, scan.roots.stubEnd() / PhysicalMemory.FRAME_BYTES);
    new SignatureScanner(List.copyOf(scan.hits.keySet()), scan::hit, scan.roots)
        .scan(memory, looked);
    scan.hits.forEach(
        (signature, found) ->
            found.merge(
                Arrays.stream(known.hits().get(signature))
                    .filter(gpa -> !looked.contains(gpa))
                    .toArray()));
    scan.roots.keep(known.roots(), looked);
    return scan.known().isPresent() ? scan : of(memory, symbols);
  }

  /** All that was found; empty if some of it had to be left out. */
  Optional<ScanHistory.Known> known() {
    if (roots.isFull() || hits.values().stream().anyMatch(found -> found.cut() > 0)) {
      return Optional.empty();
    }
    Map<Signature, long[]> gpas = new HashMap<>();
    hits.forEach((signature, found) -> gpas.put(signature, found.gpas()));
    return Optional.of(new ScanHistory.Known(gpas, roots()));
  }

  private void addTag(int value) {
    tags.computeIfAbsent(value, GuestScan::tag);
  }

  private static Signature tag(int value) {
    StringBuilder name = new StringBuilder("pool tag ");
    for (int bit = 0; bit < Integer.SIZE; bit += Byte.SIZE) {
      name.append((char) (value >>> bit & 0x7f));
    }
    return new Signature(name.toString(), Signature.Place.TAG, value);
  }

  /** Type 3, Size as the layout has it, every other byte zero. */
  private static int headerValue(Layout layout) {
    return PROCESS_TYPE | layout.processHeaderSize() << 16;
  }

  private static Signature header(int value) {
    String name = "dispatcher header " + Integer.toHexString(value);
    return new Signature(name, Signature.Place.START, value);
  }

  private void hit(Signature signature, long gpa, ByteBuffer block, int offset) {
    // A process's wait list is never empty of pointers: it at least points at itself.
    if (signature.place() == Signature.Place.START
        && !signature.equals(KDBG)
        && !signature.equals(HIVE)
        && block.getLong(offset + waitListHead) >>> 47 != 0x1ffff) {
      return;
    }
    if (threadHeaders.containsKey(signature.value())
        && signature.place() == Signature.Place.START
        && !pointsAtItself(gpa, block, offset)) {
      return;
    }
    hits.get(signature).add(gpa);
  }

  /**
   * Whether the wait list of the header is empty, so that it holds its own address. A thread's
   * header begins as many other things do; but nobody waits for most threads.
   */
  private boolean pointsAtItself(long gpa, ByteBuffer block, int offset) {
    int end = (offset & (PhysicalMemory.FRAME_BYTES - 1)) + waitListHead + 2 * Long.BYTES;
    if (end > PhysicalMemory.FRAME_BYTES) {
      return false;
    }
    long next = block.getLong(offset + waitListHead);
    return next == block.getLong(offset + waitListHead + Long.BYTES)
        && ((next ^ (gpa + waitListHead)) & (PhysicalMemory.FRAME_BYTES - 1)) == 0;
  }

  public PhysicalMemory memory() {
    return memory;
  }

  /** Page-table roots that refer to themselves, of any paging mode. */
  public List<RootCandidate> roots() {
    return roots.roots();
  }

  /** GPAs of pool headers with a tag as a build has it, ascending. */
  public long[] tags(PoolTag tag, int build) {
    return hits.get(tags.get(tag.value(build))).gpas();
  }

  /** How many more places with a tag there are than {@link #tags} gives. */
  public long cut(PoolTag tag, int build) {
    return hits.get(tags.get(tag.value(build))).cut();
  }

  /** GPAs of page-table roots that start-up code in the first megabyte names. */
  public List<Long> stubRoots() {
    return roots.stubRoots();
  }

  /** GPAs of pool headers with the layout's process tag. */
  public long[] processTags(Layout layout) {
    return hits.get(tags.get(layout.processTag())).gpas();
  }

  /** GPAs of dispatcher headers as the layout's processes have them. */
  public long[] processHeaders(Layout layout) {
    return hits.get(headers.get(headerValue(layout))).gpas();
  }

  /** GPAs of dispatcher headers of threads of a build that nobody waits for. */
  public long[] threadHeaders(int build) {
    return ThreadHeaders.of(build).stream()
        .flatMapToLong(value -> Arrays.stream(hits.get(threadHeaders.get(value)).gpas()))
        .toArray();
  }

  /** GPAs of the owner tags of kernel debugger blocks. */
  public long[] debuggerBlocks() {
    return hits.get(KDBG).gpas();
  }

  /** GPAs where a registry hive's structure may begin, ascending. */
  public long[] hives() {
    return hits.get(HIVE).gpas();
  }

  /** How many more such places there are. */
  public long cutHives() {
    return hits.get(HIVE).cut();
  }

  /** How many places look like a process of any layout. */
  public long processTraces() {
    long traces = 0;
    for (int value : PoolTag.of("process").values()) {
      traces += hits.get(tags.get(value)).gpas().length;
    }
    for (Signature header : headers.values()) {
      traces += hits.get(header).gpas().length;
    }
    return traces;
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
