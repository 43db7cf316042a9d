package io.ramtide.scanner.windows.network.table;

import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.FactFile;
import io.ramtide.scanner.windows.guest.Guest;
import java.util.List;

/** Structures of tcpip.sys's tables. From tables.json. */
final class TableFacts {
  private static final FactFile FACTS = FactFile.read(TableFacts.class, "tables.json");

  /** Lists up to which a hash table needs no table of tables. */
  static final long DIRECT_LISTS = FactFile.number(FACTS.json().path("directLists"));

  /** Low bits of a port's pointer that are no address. */
  static final long ENTRY_FLAGS = FactFile.number(FACTS.json().path("entryFlags"));

  private TableFacts() {}

  /** What a structure may be like in a guest of that build, in the order in which it is tried. */
  static List<StructType> of(Guest guest, String name) {
    return FACTS.types(name, FactFile.build(guest));
  }
}
