package io.ramtide.scanner.windows.hive;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The registry hives of a guest. */
public final class Hives {
  /** Of all hives together: 4 GiB of registry. */
  static final int MAX_BLOCKS = 1 << 20;

  private final List<Hive> all = new ArrayList<>();
  private final List<String> gaps;
  private final List<String> remarks;
  private final List<String> blockGaps = new ArrayList<>();
  private int blocksLeft = MAX_BLOCKS;

  private Hives(Guest guest, List<GuestProcess> processes) {
    HiveSearch.Result found = HiveSearch.run(guest);
    this.gaps = found.gaps();
    this.remarks = found.remarks();
    BinSpace bins =
        BinSpace.of(guest, processes, found.hives().stream().map(HiveSearch.Found::hive).toList());
    for (HiveSearch.Found each : found.hives()) {
      StorageMap stable = map(guest, bins, each.hive(), HiveCells.STABLE);
      StorageMap vola = map(guest, bins, each.hive(), HiveCells.VOLATILE);
      all.add(new Hive(each.hive(), each.views(), new MappedCells(guest.frames(), stable, vola)));
    }
  }

  private StorageMap map(Guest guest, BinSpace bins, HiveStruct hive, int storage) {
    Struct dual = hive.storage(storage);
    OptionalInt blocks = StorageMap.blocks(dual);
    if (blocks.isEmpty()) {
      blockGaps.add(
          "hive at 0x%x: length of a storage: %s"
              .formatted(hive.va(), dual.gap("Length").orElseThrow().status()));
    }
    int wanted = blocks.orElse(0);
    int read = Math.min(wanted, blocksLeft);
    if (read < wanted) {
      blockGaps.add(
          "hive at 0x%x: only the first %d of %d blocks: there are more than %d in all"
              .formatted(hive.va(), read, wanted, MAX_BLOCKS));
    }
    blocksLeft -= read;
    return StorageMap.read(guest, bins, dual, read);
  }

  /**
   * The hives of a guest; made once.
   *
   * @param processes of the guest: one of them has the bins of hive files
   */
  public static Hives of(Guest guest, List<GuestProcess> processes) {
    return guest.once(Hives.class, made -> new Hives(made, processes));
  }

  /** Hives that are loaded, as their list has them, then those that are on no list. */
  public List<Hive> all() {
    return List.copyOf(all);
  }

  /** Why hives that are loaded may be missing; for people. */
  public List<String> gaps() {
    return gaps;
  }

  /** What is wrong with the hives without one being missing; for people. */
  public List<String> remarks() {
    return remarks;
  }

  /** Why blocks of hives that are there were not looked for; for people. */
  public List<String> blockGaps() {
    return List.copyOf(blockGaps);
  }
}
