package io.ramtide.testkit.windows.registry;

import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.hive.Blocks;
import io.ramtide.testkit.windows.hive.HiveMap;
import io.ramtide.testkit.windows.hive.HiveObject;
import io.ramtide.testkit.windows.hive.HivePages;
import io.ramtide.testkit.windows.hive.HiveSource;
import io.ramtide.testkit.windows.hive.Storage;
import io.ramtide.testkit.windows.key.SimHive;
import io.ramtide.testkit.windows.pool.BigPages;
import io.ramtide.testkit.windows.pool.Pool;
import java.util.Random;

/** Puts hives into memory. */
final class HiveLoader {

  private final KernelSpace space;
  private final Pool paged;
  private final BigPages big;
  private final HivePages pool;
  private final HivePages process; // null: before Windows 10 1803
  private final Random random;
  private final int smallestBin;
  private boolean before;

  /**
   * A loader.
   *
   * @param processRoot page table root of the process Registry; 0: there is none
   * @param smallestBin bytes that bins have at least, a multiple of 4096
   */
  HiveLoader(
      KernelSpace space,
      Pool paged,
      BigPages big,
      long processRoot,
      int smallestBin,
      Random random) {
    this.space = space;
    this.paged = paged;
    this.big = big;
    this.smallestBin = smallestBin;
    this.random = random;
    pool = HivePages.ofPool(space, big);
    process = processRoot == 0 ? null : HivePages.ofProcess(space, processRoot, random);
  }

  /** A new hive with a root key; not yet mounted. */
  SimHive load(HiveSource source, String owner, long now) {
    HiveObject object = new HiveObject(space, paged, big, source);
    HivePages stable = source.inMemoryOnly() || process == null ? pool : process;
    boolean underWay = !source.inMemoryOnly() && !before;
    before |= underWay;
    return new SimHive(
        source,
        object,
        space.facts,
        storage(object, 0, stable),
        storage(object, 1, pool),
        owner,
        source.inMemoryOnly() ? 1 : 100 + random.nextInt(4000),
        underWay,
        now);
  }

  private Storage storage(HiveObject object, int number, HivePages pages) {
    HiveMap map = new HiveMap(space, big, object.dual(number));
    return new Storage(space.facts, new Blocks(space, pages), map, smallestBin);
  }
}
