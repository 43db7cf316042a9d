package io.ramtide.testkit.windows.registry;

import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Links;
import io.ramtide.testkit.windows.pool.BigPages;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.process.Account;
import java.util.Random;
import java.util.function.LongSupplier;

/** Starts the registry of a machine. */
public final class RegistryBoot {

  private static final int SMALL_BIN = 4096;
  private static final int BULK_BIN = 32 << 10;

  private final KernelSpace space;
  private final Pool paged;
  private final BigPages big;
  private final Random random;

  /** Prepares the kernel: an empty hive list. */
  public RegistryBoot(KernelSpace space, Pool nonPaged, Pool paged, Random random) {
    this.space = space;
    this.paged = paged;
    this.random = random;
    big = new BigPages(space, nonPaged, paged);
    new Links(space.kernel).init(space.symbol("CmpHiveListHead"));
  }

  /**
   * Loads all hives.
   *
   * @param processRoot page table root of the process Registry; 0: there is none
   * @param clock the guest's time, FILETIME
   * @param bulkKeys further keys, each with so many values, below SOFTWARE\Bulk
   */
  public Registry registry(long processRoot, LongSupplier clock, int bulkKeys, int bulkValues) {
    HiveLoader loader =
        new HiveLoader(
            space, paged, big, processRoot, bulkKeys == 0 ? SMALL_BIN : BULK_BIN, random);
    return RegistryContent.boot(loader, clock, Account.USER.sid(), bulkKeys, bulkValues, random);
  }
}
