package io.ramtide.scanner.windows.hive;

import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.guest.TinyGuest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A hive whose maps and blocks are written by hand. */
final class TinyHive {
  static final int BLOCK = HiveCells.BLOCK;
  private static final long BLOCKS = 0xffff_c000_0000_0000L;

  final TinyGuest guest;
  final long va;
  private final int entrySize;

  TinyHive(String layout) {
    guest = new TinyGuest(SymbolStore.shipped().layout(layout));
    va = guest.alloc(guest.layout.type("CMHIVE").size());
    entrySize = guest.layout.type("HMAP_ENTRY").size();
    guest.put(va, 4, 0xbee0bee0L);
  }

  int offset(String type, String field) {
    return guest.layout.type(type).offset(field);
  }

  long dual(int storage) {
    return va + offset("HHIVE", "Storage") + storage * (long) guest.layout.type("DUAL").size();
  }

  void length(int storage, long bytes) {
    guest.put(dual(storage), 4, bytes);
  }

  /** Gives a storage one table, named by SmallDir; its address. */
  long oneTable(int storage, int blocks) {
    length(storage, (long) blocks * BLOCK);
    long table = table();
    long small = dual(storage) + offset("DUAL", "SmallDir");
    guest.put(small, 8, table);
    guest.put(dual(storage) + offset("DUAL", "Map"), 8, small);
    return table;
  }

  long table() {
    return guest.alloc(512 * entrySize);
  }

  /** An address for a block; several of a bin follow each other. Nothing is mapped there. */
  static long place(int number) {
    return BLOCKS + (long) number * BLOCK;
  }

  void entry(long table, int index, long block, long bin) {
    boolean hasBlock = guest.layout.type("HMAP_ENTRY").has("BlockAddress");
    if (hasBlock) {
      put(table, index, "BlockAddress", block);
      put(table, index, "BinAddress", bin | 8);
    } else {
      put(table, index, "BlockOffset", block - bin);
      put(table, index, "PermanentBinAddress", bin | 5);
    }
  }

  void put(long table, int index, String field, long value) {
    guest.put(table + (long) index * entrySize + offset("HMAP_ENTRY", field), 8, value);
  }

  /** Writes the header of a bin. */
  void bin(long at, int fileOffset, int size) {
    guest.put(at, "hbin".getBytes(StandardCharsets.US_ASCII));
    guest.put(at + offset("HBIN", "FileOffset"), 4, fileOffset);
    guest.put(at + offset("HBIN", "Size"), 4, size);
  }

  HiveCells cells() {
    GuestProcess process = guest.process();
    Guest known = process.guest();
    HiveStruct hive = new HiveStruct(known, va);
    BinSpace bins = BinSpace.of(known, List.of(process), List.of(hive));
    return new MappedCells(known.frames(), map(known, bins, hive, 0), map(known, bins, hive, 1));
  }

  private static StorageMap map(Guest guest, BinSpace bins, HiveStruct hive, int storage) {
    Struct dual = hive.storage(storage);
    return StorageMap.read(guest, bins, dual, StorageMap.blocks(dual).orElse(0));
  }
}
