package io.ramtide.scanner.windows.registry;

import io.ramtide.scanner.windows.hive.HiveCells;
import java.util.Set;

/**
 * A hive whose keys are to be read.
 *
 * @param va of the CMHIVE
 * @param path of its root key
 * @param rootCell cell of that
 * @param minor of its version
 * @param hives VAs of all hives that are known
 */
record HiveKeys(long va, String path, int rootCell, int minor, HiveCells cells, Set<Long> hives) {}
