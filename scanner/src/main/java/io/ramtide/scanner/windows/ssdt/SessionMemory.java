package io.ramtide.scanner.windows.ssdt;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.paging.AddressSpace.ReadResult;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Kernel memory that may be mapped in the processes of a session only, as win32k's is: read through
 * the first address space that has it.
 */
final class SessionMemory {
  /** Processes tried; a session's first processes have all of it. */
  private static final int MAX_SPACES = 64;

  private final List<AddressSpace> spaces = new ArrayList<>();

  SessionMemory(Guest guest, List<GuestProcess> processes) {
    spaces.add(guest.space());
    processes.stream()
        .filter(process -> !process.hasExited())
        .map(GuestProcess::space)
        .flatMap(Optional::stream)
        .limit(MAX_SPACES)
        .forEach(spaces::add);
  }

  /** Reads as {@link AddressSpace#read} does: as much as the best of the spaces has. */
  ReadResult read(long va, byte[] target) {
    ReadResult first = null;
    byte[] bytes = new byte[target.length];
    for (int i = 0; i < spaces.size(); i++) {
      ReadResult read = spaces.get(i).read(va, bytes, 0, bytes.length);
      if (first == null || read.bytes() > first.bytes()) {
        first = read;
        System.arraycopy(bytes, 0, target, 0, read.bytes());
      }
      if (read.isComplete()) {
        // What one space has, it will most likely have of the next page too.
        spaces.add(0, spaces.remove(i));
        break;
      }
    }
    return first;
  }
}
