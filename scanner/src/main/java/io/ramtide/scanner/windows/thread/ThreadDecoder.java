package io.ramtide.scanner.windows.thread;

import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.What;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongFunction;

/** Gives the threads, and the number of threads of each process. */
public final class ThreadDecoder implements Decoder {
  private final Function<Guest, LongFunction<GuestText>> kernelModules;
  private final BiFunction<Guest, GuestProcess, LongFunction<GuestText>> userModules;

  /**
   * @param kernelModules names the module that a kernel address lies in, or says why there is none
   * @param userModules the same for an address of a process
   */
  public ThreadDecoder(
      Function<Guest, LongFunction<GuestText>> kernelModules,
      BiFunction<Guest, GuestProcess, LongFunction<GuestText>> userModules) {
    this.kernelModules = kernelModules;
    this.userModules = userModules;
  }

  @Override
  public Set<What> kinds() {
    return Set.of(What.threads);
  }

  @Override
  public void describe(Guest guest, GuestProcess process, FindingSink sink) {
    if (process.va().isEmpty()) {
      return;
    }
    Threads.OfProcess threads = Threads.of(guest).of(process.va().getAsLong());
    if (threads.count().isPresent()) {
      process.finding().setThreadCount(threads.count().getAsLong());
    }
    for (String why : threads.troubles()) {
      sink.incomplete(What.threads, "PID %d: %s".formatted(process.pid(), why));
    }
  }

  /** Sorted before findings are made: these have texts, and may be many. */
  private record Place(long pid, long tid, Threads.Found found) {}

  @Override
  public void decode(Guest guest, List<GuestProcess> processes, FindingSink sink) {
    Threads threads = Threads.of(guest);
    ThreadFindings findings =
        new ThreadFindings(guest, processes, kernelModules.apply(guest), userModules);
    List<Place> all = new ArrayList<>();
    for (Threads.Found found : threads.found()) {
      Optional<RawThread> thread = threads.read(found);
      if (thread.isEmpty() || thread.get().tid().isEmpty() || thread.get().pid().isEmpty()) {
        sink.incomplete(
            What.threads,
            "the IDs of the thread at 0x%x cannot be read"
                .formatted(found.va().orElse(found.gpa().orElse(0))));
      } else if (!isIdle(guest, thread.get())) {
        all.add(new Place(thread.get().pid().getAsLong(), thread.get().tid().getAsLong(), found));
      }
    }
    all.sort(Comparator.comparingLong(Place::pid).thenComparingLong(Place::tid));
    for (Place place : all) {
      threads
          .read(place.found())
          .ifPresent(thread -> sink.add(What.threads, findings.of(thread, place.found().views())));
    }
    if (threads.isCut()) {
      sink.cut(
          What.threads,
          "only %d entries of thread lists were walked".formatted(Threads.MAX_ENTRIES));
    }
    if (threads.cut() > 0) {
      sink.cut(
          What.threads,
          "only the first %d of %d threads"
              .formatted(Threads.MAX_THREADS, Threads.MAX_THREADS + threads.cut()));
    }
    CidTable.of(guest).gaps().forEach(gap -> sink.incomplete(What.threads, "cidTable: " + gap));
  }

  /** Idle is part of the kernel's image; its threads, one a processor, are none that a list has. */
  private static boolean isIdle(Guest guest, RawThread thread) {
    return thread.process().isPresent() && guest.kernel().contains(thread.process().getAsLong());
  }
}
