package io.ramtide.scanner.windows.hive;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.Struct;
import java.util.OptionalLong;

/**
 * Tells hives from what only looks like one. A place is a hive if it is shaped like one, and
 * something beside it says so too: its neighbours on the list lead back to it, or its base block is
 * where it says, or, if that page is missing, the list or the pool has it.
 */
final class HiveRule {
  private static final int BLOCK_MASK = HiveCells.BLOCK - 1;
  private static final int STORAGES = 2;

  private HiveRule() {}

  /**
   * @param isNamed whether the list or a block of the pool in use says that there is a hive
   */
  static boolean holds(HiveStruct hive, boolean isNamed) {
    OptionalLong signature = hive.signature();
    boolean isSigned = signature.isPresent() && signature.getAsLong() == HiveFacts.ALL.hive();
    if (!hasPointers(hive)) {
      return false;
    }
    OptionalLong base = baseSignature(hive);
    boolean hasBase = base.isPresent() && base.getAsLong() == HiveFacts.ALL.base();
    if (hive.isLinked()) {
      // A changed signature does not hide a hive that Windows uses.
      return isSigned || hasBase || signature.isEmpty();
    }
    return isSigned && (hasBase || (base.isEmpty() && isNamed && hasLengths(hive)));
  }

  private static OptionalLong baseSignature(HiveStruct hive) {
    OptionalLong base = hive.baseBlock();
    return base.isPresent() ? hive.guest().space().dword(base.getAsLong()) : base;
  }

  /** Whether what must be kernel addresses are, where they can be read. */
  private static boolean hasPointers(HiveStruct hive) {
    OptionalLong base = hive.baseBlock();
    if (base.isPresent() && !hive.guest().isKernelAddress(base.getAsLong())) {
      return false;
    }
    for (int storage = 0; storage < STORAGES; storage++) {
      OptionalLong map = hive.storage(storage).u64("Map");
      if (map.isPresent() && !isPointer(hive.guest(), map.getAsLong())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPointer(Guest guest, long va) {
    return va == 0 || guest.isKernelAddress(va);
  }

  private static boolean hasLengths(HiveStruct hive) {
    for (int storage = 0; storage < STORAGES; storage++) {
      Struct dual = hive.storage(storage);
      long length = dual.u32("Length").orElse(0);
      boolean isMapped = dual.u64("Map").orElse(1) != 0;
      if ((length & BLOCK_MASK) != 0 || (length > 0 && !isMapped)) {
        return false;
      }
    }
    return hive.storageTypes().orElse(0) <= STORAGES;
  }
}
