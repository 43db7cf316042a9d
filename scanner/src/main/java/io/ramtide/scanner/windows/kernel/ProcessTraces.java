package io.ramtide.scanner.windows.kernel;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.scan.GuestScan;
import io.ramtide.scanner.windows.scan.RootCandidate;
import io.ramtide.scanner.windows.scan.RootProbe;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What places that look like processes say of page-table roots and of the kernel, by physical
 * memory alone: the way when no root refers to itself, or nothing of the kernel's image is left
 * that names it. Looks at as many places as the scan keeps, once for each layout.
 */
final class ProcessTraces {
  /** Different roots taken; they share a few kernel halves. */
  private static final int MAX_ROOTS = 1 << 10;

  private static final long SYSTEM_PID = 4;

  private final GuestScan scan;
  private final FrameReader frames;
  private final SymbolStore symbols;

  ProcessTraces(GuestScan scan, FrameReader frames, SymbolStore symbols) {
    this.scan = scan;
    this.frames = frames;
    this.symbols = symbols;
  }

  /** Roots that processes have as their DirectoryTableBase. */
  List<RootCandidate> roots() {
    Set<Long> seen = new HashSet<>();
    List<RootCandidate> roots = new ArrayList<>();
    for (Layout layout : symbols.layouts()) {
      int offset = layout.type("KPROCESS").offset("DirectoryTableBase");
      for (long gpa : scan.processHeaders(layout)) {
        OptionalLong base = qword(gpa + offset);
        if (base.isPresent() && seen.add(base.getAsLong()) && roots.size() < MAX_ROOTS) {
          roots.addAll(
              RootProbe.candidates(frames, base.getAsLong(), RootCandidate.Origin.PROCESS));
        }
      }
    }
    return roots;
  }

  /** Roots of the processes that have one of these as the root of their user mode (KPTI). */
  Set<Long> kernelRoots(Set<Long> userRoots, long addressMask) {
    Set<Long> roots = new LinkedHashSet<>();
    for (Layout layout : symbols.layouts()) {
      StructType process = layout.type("KPROCESS");
      if (!process.has("UserDirectoryTableBase")) {
        continue;
      }
      for (long gpa : scan.processHeaders(layout)) {
        OptionalLong user = qword(gpa + process.offset("UserDirectoryTableBase"));
        OptionalLong own = qword(gpa + process.offset("DirectoryTableBase"));
        if (user.isPresent()
            && own.isPresent()
            && userRoots.contains(user.getAsLong() & addressMask)
            && roots.size() < MAX_ROOTS) {
          roots.add(own.getAsLong() & addressMask);
        }
      }
    }
    return roots;
  }

  /**
   * The System process, which is the first of the active list.
   *
   * @param va of its EPROCESS
   * @param head VA of PsActiveProcessHead
   */
  record SystemProcess(long va, long head, Layout layout) {}

  /**
   * A process with System's PID whose list entry follows one inside the given addresses, and the
   * other way round.
   */
  Optional<SystemProcess> system(AddressSpace space, long first, long last) {
    for (Layout layout : symbols.layouts()) {
      StructType type = layout.type("EPROCESS");
      int links = type.offset("ActiveProcessLinks");
      for (long gpa : scan.processHeaders(layout)) {
        OptionalLong pid = qword(gpa + type.offset("UniqueProcessId"));
        OptionalLong head = qword(gpa + links + Long.BYTES);
        if (pid.isEmpty()
            || pid.getAsLong() != SYSTEM_PID
            || head.isEmpty()
            || Long.compareUnsigned(head.getAsLong(), first) < 0
            || Long.compareUnsigned(head.getAsLong(), last) > 0) {
          continue;
        }
        OptionalLong next = space.qword(head.getAsLong());
        if (next.isPresent() && space.gpa(next.getAsLong()).equals(OptionalLong.of(gpa + links))) {
          long va = next.getAsLong() - links;
          return Optional.of(new SystemProcess(va, head.getAsLong(), layout));
        }
      }
    }
    return Optional.empty();
  }

  private OptionalLong qword(long gpa) {
    byte[] bytes = new byte[Long.BYTES];
    if (frames.read(gpa, bytes, 0, bytes.length) < bytes.length) {
      return OptionalLong.empty();
    }
    long value = 0;
    for (int i = bytes.length - 1; i >= 0; i--) {
      value = value << Byte.SIZE | (bytes[i] & 0xff);
    }
    return OptionalLong.of(value);
  }
}
