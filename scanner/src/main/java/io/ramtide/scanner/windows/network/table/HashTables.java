package io.ramtide.scanner.windows.network.table;

import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestList;
import io.ramtide.scanner.windows.guest.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Walks RTL_DYNAMIC_HASH_TABLEs; bounded over all of them together. */
final class HashTables {
  /** Entries of all tables; a busy server has some 10^5 connections, each in two tables. */
  static final int MAX_ENTRIES = 1 << 18;

  /** Lists of all tables, which are mostly empty. */
  static final int MAX_LISTS = 1 << 20;

  private static final int LIST_BYTES = 16;

  private final Guest guest;
  private final StructType type;
  private final int maxEntries;
  private final Set<Long> entries;
  private final List<String> troubles = new ArrayList<>();
  private int walked;
  private int lists;

  /**
   * @param entries takes the VAs of the entries
   */
  HashTables(Guest guest, Set<Long> entries) {
    this(guest, entries, MAX_ENTRIES);
  }

  HashTables(Guest guest, Set<Long> entries, int maxEntries) {
    this.guest = guest;
    this.entries = entries;
    this.maxEntries = maxEntries;
    this.type = TableFacts.of(guest, "HASH_TABLE").get(0);
  }

  /** Bytes of a table's head. */
  int size() {
    return type.size();
  }

  /** What could not be read, for people. */
  List<String> troubles() {
    return troubles;
  }

  /** Whether a hash table may be at a VA. */
  boolean isTable(long va) {
    if (!guest.isKernelAddress(va)) {
      return false;
    }
    Struct table = Struct.read(guest.space(), type, va);
    long size = table.u32("TableSize").orElse(0);
    return guest.isKernelAddress(table.u64("Directory").orElse(0)) && size > 0 && size <= MAX_LISTS;
  }

  /** Takes the entries of the table at a VA. */
  void walk(long va) {
    Struct table = Struct.read(guest.space(), type, va);
    OptionalLong size = table.u32("TableSize");
    OptionalLong directory = table.u64("Directory");
    if (size.isEmpty() || directory.isEmpty()) {
      trouble("the hash table at 0x%x: %s".formatted(va, guest.space().locate(va).text()));
      return;
    }
    if (!isTable(va)) {
      trouble("at 0x%x is no hash table".formatted(va));
      return;
    }
    if (table.u32("NumEntries").orElse(1) == 0 && isEmpty(directory.getAsLong())) {
      return; // Most are, and few guests lie.
    }
    long left = size.getAsLong();
    if (left <= TableFacts.DIRECT_LISTS) {
      lists(directory.getAsLong(), left);
      return;
    }
    long part = TableFacts.DIRECT_LISTS;
    for (int level = 0; left > 0; level++) {
      OptionalLong at = guest.space().qword(directory.getAsLong() + (long) level * Long.BYTES);
      if (at.isEmpty() || !guest.isKernelAddress(at.getAsLong())) {
        trouble("the hash table at 0x%x lacks %d of its lists".formatted(va, left));
        return;
      }
      lists(at.getAsLong(), Math.min(part, left));
      left -= part;
      part *= 2;
    }
  }

  /** Whether its first list is: a table that says it has no entries is believed if so. */
  private boolean isEmpty(long list) {
    return guest.space().qword(list).equals(OptionalLong.of(list));
  }

  private void lists(long first, long count) {
    for (long i = 0; i < count; i++) {
      if (lists++ >= MAX_LISTS || walked >= maxEntries) {
        trouble(
            "only the first %d lists and %d entries were read".formatted(MAX_LISTS, maxEntries));
        return;
      }
      long head = first + i * LIST_BYTES;
      if (!isEmpty(head)) {
        list(head);
      }
    }
  }

  private void list(long head) {
    GuestList list = GuestList.walk(guest, head, maxEntries - walked);
    walked += Math.max(1, list.entries().size());
    entries.addAll(list.entries());
    list.trouble().ifPresent(why -> trouble("a list of a hash table: " + why));
  }

  /** One of each text is enough. */
  private void trouble(String why) {
    if (troubles.size() < Byte.MAX_VALUE && !troubles.contains(why)) {
      troubles.add(why);
    }
  }
}
