package io.ramtide.scanner.windows.thread;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestList;
import io.ramtide.schemas.View;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The threads of a guest. By scan and by PspCidTable they are found at once, by the lists of a
 * process when {@link #of} is asked for that process. All that is kept and walked is bounded over
 * the whole guest, so that no number of processes multiplies it.
 */
public final class Threads {
  /** Threads that are kept; a busy server has some 10^4. */
  static final int MAX_THREADS = 1 << 17;

  /** List entries that are walked, of all processes together. */
  static final int MAX_ENTRIES = 1 << 18;

  private final Guest guest;
  private final ThreadReader reader;
  private final ThreadRules rules;
  private final Map<Long, Found> found = new LinkedHashMap<>();
  private final Set<Long> owners = new LinkedHashSet<>();
  private final Map<Long, OfProcess> lists = new HashMap<>();
  private int entriesLeft = MAX_ENTRIES;
  private long cut;

  /** Where a thread is, and what has it. */
  record Found(OptionalLong gpa, OptionalLong va, Set<View> views) {}

  /**
   * What the thread lists of a process give.
   *
   * @param count threads on the list of its EPROCESS; empty if not all of it could be walked
   * @param troubles why not, and what else is wrong with its lists
   */
  public record OfProcess(OptionalLong count, List<String> troubles) {}

  private Threads(Guest guest) {
    this.guest = guest;
    this.reader = new ThreadReader(guest);
    this.rules = new ThreadRules(guest, reader);
  }

  /** The guest's, found once. */
  public static Threads of(Guest guest) {
    return guest.once(Threads.class, Threads::find);
  }

  private static Threads find(Guest guest) {
    Threads threads = new Threads(guest);
    new ThreadScan(guest, threads.reader, threads.rules, threads::add).run();
    for (long va : CidTable.of(guest).threads()) {
      threads
          .reader
          .atVa(va)
          .filter(threads.rules::isThread)
          .ifPresent(thread -> threads.add(thread, View.cidTable));
    }
    return threads;
  }

  private void add(RawThread thread, View view) {
    Found known = found.get(thread.key());
    if (known == null) {
      if (found.size() == MAX_THREADS) {
        cut++;
        return;
      }
      known = new Found(thread.gpa(), thread.va(), EnumSet.noneOf(View.class));
      found.put(thread.key(), known);
      thread.process().stream().filter(owner -> isOwner(thread, owner)).forEach(owners::add);
    }
    known.views().add(view);
    if (known.views().contains(View.poolScan)) {
      known.views().remove(View.headerScan);
    }
  }

  /**
   * Whether what is at the address of a thread's process is still that: a thread that ended may be
   * older than the process there, if it has another PID.
   */
  private boolean isOwner(RawThread thread, long process) {
    OptionalLong pid = guest.space().qword(process + reader.layout().processPid());
    return !thread.hasEnded() || pid.isEmpty() || pid.equals(thread.pid());
  }

  /** VAs that threads found so far name as their process; to be checked. */
  public Set<Long> owners() {
    return owners;
  }

  /** Walks the lists of the process at a VA, once. */
  public OfProcess of(long processVa) {
    OfProcess known = lists.get(processVa);
    if (known == null) {
      known = walk(processVa);
      lists.put(processVa, known);
    }
    return known;
  }

  private OfProcess walk(long processVa) {
    ThreadLayout layout = reader.layout();
    List<String> troubles = new ArrayList<>();
    OptionalLong count =
        list(
            processVa + layout.processThreadList(),
            layout.processLink(),
            View.threadList,
            "thread list",
            troubles);
    list(
        processVa + layout.processSchedulerList(),
        layout.schedulerLink(),
        View.schedulerList,
        "scheduler's thread list",
        troubles);
    return new OfProcess(count, troubles);
  }

  private OptionalLong list(long head, int link, View view, String name, List<String> troubles) {
    if (entriesLeft <= 0) {
      troubles.add("%s: left out, as %d entries were walked".formatted(name, MAX_ENTRIES));
      return OptionalLong.empty();
    }
    GuestList list = GuestList.walk(guest, head, entriesLeft);
    entriesLeft -= list.entries().size();
    list.trouble().ifPresent(why -> troubles.add(name + ": " + why));
    int threads = 0;
    for (long entry : list.entries()) {
      Optional<RawThread> thread = reader.atVa(entry - link);
      if (thread.isPresent() && thread.get().mayHaveThreadHeader()) {
        threads++;
        add(thread.get(), view);
      } else {
        troubles.add("%s: entry 0x%x is no thread".formatted(name, entry));
        return OptionalLong.empty();
      }
    }
    return list.isComplete() ? OptionalLong.of(threads) : OptionalLong.empty();
  }

  /** Reads a thread that was found. */
  Optional<RawThread> read(Found thread) {
    return thread.va().isPresent()
        ? reader.atVa(thread.va().getAsLong())
        : Optional.of(reader.atGpa(thread.gpa().orElseThrow()));
  }

  List<Found> found() {
    return List.copyOf(found.values());
  }

  /** Whether lists were left out, since too many entries were walked. */
  boolean isCut() {
    return entriesLeft <= 0;
  }

  /** How many more there were than are kept. */
  long cut() {
    return cut;
  }
}
