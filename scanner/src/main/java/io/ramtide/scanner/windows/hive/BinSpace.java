package io.ramtide.scanner.windows.hive;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The address spaces that bins are in: the kernel's, and, of hives that have a file, from Windows
 * 10 1803 on that of the process named Registry. A name is easily taken: of processes with it, the
 * one counts that has the most bins where the maps say; if none has any, of all processes.
 */
final class BinSpace {
  /** Bins that are looked for in every process. */
  private static final int MAX_PROBES = 16;

  private static final int MAX_PROCESSES = 1 << 12;

  private final Guest guest;
  private final Optional<AddressSpace> user;

  private BinSpace(Guest guest, Optional<AddressSpace> user) {
    this.guest = guest;
    this.user = user;
  }

  static BinSpace of(Guest guest, List<GuestProcess> processes, List<HiveStruct> hives) {
    long[] probes =
        hives.stream()
            .map(hive -> StorageMap.firstBlock(guest, hive.storage(HiveCells.STABLE)))
            .flatMapToLong(OptionalLong::stream)
            .filter(va -> !guest.isKernelAddress(va))
            .limit(MAX_PROBES)
            .toArray();
    if (probes.length == 0) {
      return new BinSpace(guest, Optional.empty());
    }
    List<AddressSpace> named =
        processes.stream()
            .filter(process -> HiveFacts.ALL.process().equals(process.finding().getImageName()))
            .limit(MAX_PROCESSES)
            .flatMap(process -> process.space().stream())
            .toList();
    Optional<AddressSpace> best = best(guest, probes, named);
    if (best.isEmpty()) {
      best =
          best(
              guest,
              probes,
              processes.stream()
                  .limit(MAX_PROCESSES)
                  .map(process -> process.finding().getDirectoryTableBase())
                  .filter(root -> root != null && guest.frames().frame(root).isPresent())
                  .map(guest::space)
                  .toList());
    }
    // Its bins may all be paged out: then the name is all there is.
    return new BinSpace(guest, best.or(() -> named.stream().findFirst()));
  }

  private static Optional<AddressSpace> best(
      Guest guest, long[] probes, List<AddressSpace> spaces) {
    AddressSpace best = null;
    int most = 0;
    for (AddressSpace space : spaces) {
      BinSpace candidate = new BinSpace(guest, Optional.of(space));
      int bins = 0;
      for (long va : probes) {
        bins += candidate.isBin(va, 0) ? 1 : 0;
      }
      if (bins > most) {
        most = bins;
        best = space;
      }
    }
    return Optional.ofNullable(best);
  }

  private Optional<AddressSpace> space(long va) {
    return guest.isKernelAddress(va) ? Optional.of(guest.space()) : user;
  }

  /** GPA of an address, if its page can be read. */
  OptionalLong gpa(long va) {
    Optional<AddressSpace> space = space(va);
    return space.isPresent() ? space.get().gpa(va) : OptionalLong.empty();
  }

  /** Why an address has no GPA. */
  String why(long va) {
    return space(va)
        .map(space -> space.locate(va).status())
        .orElse("in the address space of no known process");
  }

  /** Whether a bin begins at an address. */
  boolean isBin(long va, int fileOffset) {
    StructType type = guest.type("HBIN");
    Optional<AddressSpace> space = space(va);
    return space.isPresent()
        && space.get().dword(va + type.offset("Signature")).orElse(0) == HiveFacts.ALL.bin()
        && space.get().dword(va + type.offset("FileOffset")).orElse(-1) == fileOffset;
  }
}
