package io.ramtide.cli.render.inspect;

import static io.ramtide.cli.render.Text.address;
import static io.ramtide.cli.render.Text.orStatus;
import static io.ramtide.cli.render.Text.views;

import io.ramtide.schemas.HiveFinding;

/** The columns of registry hives. */
final class HiveTable {
  private HiveTable() {}

  static Listing create() {
    return KindTable.of(HiveFinding.class)
        .text("OBJECT", hive -> address(hive.getObjectVa()))
        .text("ROOT CELL", hive -> address(hive.getRootCell()))
        .number("STABLE", HiveFinding::getStableLength)
        .number("VOLATILE", HiveFinding::getVolatileLength)
        .text("MISSING", HiveTable::missing)
        .text("SEEN BY", hive -> views(hive.getSeenBy()))
        .wide("PATH", hive -> orStatus(hive.getPath(), hive.getPathStatus()))
        .wide("FILE", hive -> orStatus(hive.getFileName(), hive.getFileNameStatus()));
  }

  /** How much of it could not be read, and why. */
  private static String missing(HiveFinding hive) {
    if (hive.getMissingBlocks() == 0) {
      return "nothing";
    }
    String blocks = hive.getMissingBlocks() + " x 4 KiB";
    return hive.getMissingWhy() == null ? blocks : blocks + " (" + hive.getMissingWhy() + ")";
  }
}
