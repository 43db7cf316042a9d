package io.ramtide.scanner.windows.process;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.paging.ReverseMap;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.windows.scan.GuestScan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Processes among the places that carry a process's pool tag or dispatcher header. */
final class ProcessScan {
  /** More than a guest ever runs; each is kept with its bytes. */
  static final int MAX_PROCESSES = 1 << 14;

  static final String EXACT_BLOCK = "pool block of just its size";

  private static final long FRAME_MASK = -PhysicalMemory.FRAME_BYTES;

  private final Layout layout;
  private final GuestScan scan;
  private final ProcessRules.Guest guest;
  private final PoolHeaders pool;
  private final Set<Long> crossing = new LinkedHashSet<>();
  private long cut;
  private final Map<Long, Found> found = new LinkedHashMap<>();

  /**
   * One process of the scan.
   *
   * @param hasPoolHeader whether a pool header with the right tag and size precedes it
   * @param passed names of the rules that hold
   */
  record Found(RawProcess process, boolean hasPoolHeader, List<String> passed) {}

  private ProcessScan(Layout layout, GuestScan scan, ProcessRules.Guest guest) {
    this.layout = layout;
    this.scan = scan;
    this.guest = guest;
    this.pool = new PoolHeaders(layout, guest.reader().layout().size());
  }

  /**
   * What the scan gave.
   *
   * @param found by the GPA of the EPROCESS
   * @param cut how many more there were
   */
  record Result(Map<Long, Found> found, long cut) {}

  static Result run(Layout layout, GuestScan scan, ProcessRules.Guest guest) {
    ProcessScan run = new ProcessScan(layout, scan, guest);
    Set<Long> tagged = run.afterPoolHeaders();
    Map<Long, Boolean> places = new LinkedHashMap<>();
    tagged.forEach(gpa -> places.put(gpa, true));
    for (long gpa : scan.processHeaders(layout)) {
      // Where the Size byte is 0, memory is full of such headers: most are no process at a glance.
      if (!ProcessRules.excludes(guest.reader().head(gpa), guest)) {
        places.putIfAbsent(gpa, false);
      }
    }
    run.judge(places);
    return new Result(run.found, run.cut);
  }

  /** Every place in the same page that a process can have behind a pool header with its tag. */
  private Set<Long> afterPoolHeaders() {
    Set<Long> places = new HashSet<>();
    for (long gpa : scan.processTags(layout)) {
      for (int offset : pool.offsets(pool.read(guest.frames(), gpa))) {
        if ((gpa & FRAME_MASK) != (gpa + offset & FRAME_MASK)) {
          crossing.add(gpa);
        } else if (guest.reader().hasHeader(gpa + offset)) {
          places.add(gpa + offset);
        }
      }
    }
    return places;
  }

  private void judge(Map<Long, Boolean> places) {
    // Addresses alone: there may be 2^18, and a process with its bytes has some 3 KB.
    Set<Long> unmapped = new LinkedHashSet<>();
    places.forEach(
        (gpa, hasPoolHeader) -> {
          RawProcess process = guest.reader().atGpa(gpa);
          if (process.va().isEmpty()) {
            unmapped.add(gpa);
          } else {
            add(process, hasPoolHeader);
          }
        });
    Set<Long> wanted = new HashSet<>(unmapped);
    wanted.addAll(crossing);
    AddressSpace space = guest.kernel().space();
    ReverseMap addresses = new ReverseMap(space.tables(), wanted, guest.kernel().selfMapIndex());
    unmapped.forEach(
        gpa -> add(whole(guest.reader().atGpa(gpa), addresses.va(gpa)), places.get(gpa)));
    crossing.forEach(gpa -> addCrossing(gpa, addresses.va(gpa)));
  }

  private RawProcess whole(RawProcess process, OptionalLong va) {
    return va.isPresent() ? guest.reader().atVa(va.getAsLong()).orElse(process) : process;
  }

  /** The pool header ends its page: only its address tells which frame comes next. */
  private void addCrossing(long gpa, OptionalLong va) {
    if (va.isEmpty()) {
      return;
    }
    for (int offset : pool.offsets(pool.read(guest.frames(), gpa))) {
      guest
          .reader()
          .atVa(va.getAsLong() + offset)
          .filter(RawProcess::hasProcessHeader)
          .ifPresent(process -> add(process, true));
    }
  }

  private void add(RawProcess process, boolean hasPoolHeader) {
    Found known = found.get(process.gpa());
    if (known != null && (known.hasPoolHeader() || !hasPoolHeader)) {
      return;
    }
    ProcessRules.Judgement judgement = ProcessRules.judge(process, guest);
    if (judgement.isProcess() && found.size() == MAX_PROCESSES) {
      cut++;
    } else if (judgement.isProcess()) {
      boolean tagged = hasPoolHeader || pool.precedes(guest.kernel().space(), process.va());
      List<String> passed = new ArrayList<>(judgement.passed());
      // Decides nothing about one place, but tells layouts apart that differ in their size only.
      if (pool.precedesExactly(guest.kernel().space(), process.va())) {
        passed.add(EXACT_BLOCK);
      }
      found.put(process.gpa(), new Found(process, tagged, passed));
    }
  }
}
