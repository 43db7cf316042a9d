package io.ramtide.scanner.windows.hive;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The cells of a hive. A cell index is bit 31: volatile storage; else its offset in bytes in its
 * storage. Both storages are made of 4-KiB blocks, which may lie anywhere.
 */
public interface HiveCells {
  int STABLE = 0;
  int VOLATILE = 1;
  int BLOCK = 4096;

  /** Number of blocks of a storage, bounded. */
  int blocks(int storage);

  /** GPA of a block; empty: it could not be read. */
  OptionalLong gpa(int storage, int block);

  /** Why a block could not be read; empty if it could. */
  Optional<String> gap(int storage, int block);

  /** Whether the map says that a bin begins with a block; false also where nothing says so. */
  default boolean isBinStart(int storage, int block) {
    return false;
  }

  /**
   * Reads a cell, which may reach over blocks.
   *
   * @param cell its index
   */
  Cell cell(int cell);
}
