package io.ramtide.scanner.windows.hive;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.Struct;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The registry hives of a guest. */
public final class Hives {
  /** Of all hives together: 4 GiB of registry. */
  static final int MAX_BLOCKS = 1 << 20;

  /** Of names of all hives together: beyond it, names are cut. */
  static final int MAX_CHARACTERS = 1 << 21;

  private static final int SHORT_NAME = 256;

  private final List<Hive> all = new ArrayList<>();
  private final List<String> gaps;
  private final List<String> remarks;
  private final List<String> blockGaps = new ArrayList<>();
  private int charactersLeft = MAX_CHARACTERS;

  private Hives(Guest guest, List<GuestProcess> processes) {
    HiveSearch.Result found = HiveSearch.run(guest);
    this.gaps = found.gaps();
    this.remarks = found.remarks();
    BinSpace bins =
        BinSpace.of(guest, processes, found.hives().stream().map(HiveSearch.Found::hive).toList());
    int[] blocks = blocks(found.hives());
    for (int i = 0; i < found.hives().size(); i++) {
      HiveSearch.Found each = found.hives().get(i);
      StorageMap stable = map(guest, bins, each.hive(), HiveCells.STABLE, blocks[2 * i]);
      StorageMap vola = map(guest, bins, each.hive(), HiveCells.VOLATILE, blocks[2 * i + 1]);
      MappedCells cells = new MappedCells(guest.frames(), stable, vola);
      int most = Math.min(GuestText.MAX_NAME, Math.max(SHORT_NAME, charactersLeft));
      Hive hive = new Hive(each.hive(), each.views(), cells, most);
      charactersLeft -= hive.characters();
      all.add(hive);
    }
  }

  /**
   * How many blocks of each storage are read, stable and volatile of each hive. The shortest ones
   * come first: a length that lies is longer than what it would hide.
   */
  private static int[] blocks(List<HiveSearch.Found> hives) {
    int[] blocks =
        hives.stream()
            .flatMapToInt(
                each ->
                    IntStream.of(HiveCells.STABLE, HiveCells.VOLATILE)
                        .map(storage -> StorageMap.blocks(each.hive().storage(storage)).orElse(0)))
            .toArray();
    List<Integer> order = new ArrayList<>(IntStream.range(0, blocks.length).boxed().toList());
    order.sort(Comparator.comparingInt(i -> blocks[i]));
    int left = MAX_BLOCKS;
    for (int i : order) {
      blocks[i] = Math.min(blocks[i], left);
      left -= blocks[i];
    }
    return blocks;
  }

  private StorageMap map(Guest guest, BinSpace bins, HiveStruct hive, int storage, int read) {
    Struct dual = hive.storage(storage);
    OptionalInt blocks = StorageMap.blocks(dual);
    if (blocks.isEmpty()) {
      blockGaps.add(
          "hive at 0x%x: length of a storage: %s"
              .formatted(hive.va(), dual.gap("Length").orElseThrow().status()));
    }
    int wanted = blocks.orElse(0);
    if (read < wanted) {
      blockGaps.add(
          "hive at 0x%x: only the first %d of %d blocks: there are more than %d in all"
              .formatted(hive.va(), read, wanted, MAX_BLOCKS));
    }
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
