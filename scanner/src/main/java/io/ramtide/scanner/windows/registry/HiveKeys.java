package io.ramtide.scanner.windows.registry;

import io.ramtide.scanner.windows.hive.HiveCells;
import java.util.Set;

/** A hive whose keys are to be read. */
record HiveKeys(Id id, HiveCells cells) {
  /**
   * What makes it the same hive, with keys in the same places.
   *
   * @param va of the CMHIVE
   * @param path of its root key
   * @param rootCell cell of that
   * @param minor of its version
   * @param hives VAs of all hives that are known
   */
  record Id(long va, String path, int rootCell, int minor, Set<Long> hives) {}

  long va() {
    return id.va();
  }

  String path() {
    return id.path();
  }

  int rootCell() {
    return id.rootCell();
  }
}
