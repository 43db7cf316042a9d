package io.ramtide.scanner.windows.process;

import io.ramtide.scanner.paging.AddressSpace.ReadResult;
import io.ramtide.scanner.windows.kernel.Kernel;
import io.ramtide.schemas.ListStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Walks the ring of active processes, forwards, and backwards where forwards ends early. */
final class ActiveListWalk {
  private static final int MAX_ENTRIES = ProcessScan.MAX_PROCESSES;
  private static final int FORWARD = 0;
  private static final int BACKWARD = Long.BYTES;

  private final Kernel kernel;
  private final ProcessReader reader;
  private final long start;
  private final Map<Long, RawProcess> processes = new LinkedHashMap<>();
  private boolean headSeen;

  /**
   * @param start VA of the list's head, or of a process's links: a ring has no other end
   */
  private ActiveListWalk(Kernel kernel, ProcessReader reader, long start) {
    this.kernel = kernel;
    this.reader = reader;
    this.start = start;
    this.headSeen = kernel.contains(start);
  }

  /**
   * @param system a process on the list, for when nothing names the head
   */
  static ActiveList walk(Kernel kernel, ProcessReader reader, OptionalLong system) {
    if (kernel.activeProcessHead().isPresent()) {
      return new ActiveListWalk(kernel, reader, kernel.activeProcessHead().getAsLong()).run();
    }
    if (system.isPresent()) {
      long links = system.getAsLong() + reader.layout().activeLinks();
      ActiveListWalk walk = new ActiveListWalk(kernel, reader, links);
      reader.atVa(system.getAsLong()).ifPresent(process -> walk.add(process));
      return walk.run();
    }
    return new ActiveList(
        ListStatus.notWalked,
        Optional.of(
            "nothing names PsActiveProcessHead (no exact symbols, no KDBG in the clear),"
                + " and no System process was found to start from"),
        Set.of());
  }

  private ActiveList run() {
    Optional<String> forwards = direction(FORWARD);
    if (forwards.isEmpty() && headSeen) {
      return new ActiveList(ListStatus.complete, Optional.empty(), processes.values());
    }
    String why = forwards.orElse("the ring around System does not pass through the kernel's image");
    Optional<String> backwards = direction(BACKWARD);
    String detail =
        "forwards: %s; backwards: %s".formatted(why, backwards.orElse("walked back to the start"));
    return new ActiveList(ListStatus.incomplete, Optional.of(detail), processes.values());
  }

  /** Follows one of the two pointers of each entry; answers why that ended, if not at the start. */
  private Optional<String> direction(int pointer) {
    Set<Long> seen = new HashSet<>();
    long entry = start;
    while (true) {
      byte[] bytes = new byte[Long.BYTES];
      ReadResult read = kernel.space().read(entry + pointer, bytes, 0, bytes.length);
      if (!read.isComplete()) {
        return Optional.of(at(entry, read.gap().orElseThrow().text()));
      }
      long next = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (next == start && (entry != start || kernel.contains(start))) {
        return Optional.empty();
      }
      if (next == entry) {
        return Optional.of(at(entry, "points at itself"));
      }
      if (!kernel.isKernelAddress(next)) {
        return Optional.of(at(entry, "leaves kernel space for 0x%x".formatted(next)));
      }
      if (!seen.add(next)) {
        return Optional.of(at(entry, "comes back to 0x%x, not to its head".formatted(next)));
      }
      if (seen.size() > MAX_ENTRIES) {
        return Optional.of(at(entry, "has more than %d entries".formatted(MAX_ENTRIES)));
      }
      Optional<String> end = visit(next);
      if (end.isPresent()) {
        return end;
      }
      entry = next;
    }
  }

  private Optional<String> visit(long entry) {
    if (kernel.contains(entry) && !kernel.contains(start) && !headSeen) {
      headSeen = true;
      return Optional.empty();
    }
    long va = entry - reader.layout().activeLinks();
    Optional<RawProcess> process = reader.atVa(va);
    if (process.isEmpty()) {
      return Optional.of(at(entry, kernel.space().locate(va).text()));
    }
    if (!process.get().hasProcessHeader() || process.get().pid().isEmpty()) {
      boolean cut = process.get().pid().isEmpty();
      return Optional.of(at(entry, cut ? "is only partly readable" : "is no process"));
    }
    add(process.get());
    return Optional.empty();
  }

  private void add(RawProcess process) {
    processes.putIfAbsent(process.gpa(), process);
  }

  private static String at(long entry, String why) {
    return "entry 0x%x: %s".formatted(entry, why);
  }
}
