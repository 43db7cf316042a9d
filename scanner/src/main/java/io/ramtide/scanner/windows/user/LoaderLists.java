package io.ramtide.scanner.windows.user;

import io.ramtide.scanner.windows.guest.Struct;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** The three lists of the loader in a PEB, joined by entry. */
final class LoaderLists {
  /** Entries of one list that are taken; large processes have some hundreds. */
  static final int MAX_ENTRIES = 1 << 12;

  private final Peb peb;
  private final Map<Long, Set<Order>> entries = new LinkedHashMap<>();
  private final List<String> troubles = new ArrayList<>();
  private int budget;

  /** A list: its head in PEB_LDR_DATA, and its links in LDR_DATA_TABLE_ENTRY. */
  enum Order {
    LOAD("InLoadOrderModuleList", "InLoadOrderLinks"),
    MEMORY("InMemoryOrderModuleList", "InMemoryOrderLinks"),
    INIT("InInitializationOrderModuleList", "InInitializationOrderLinks");

    private final String head;
    private final String links;

    Order(String head, String links) {
      this.head = head;
      this.links = links;
    }
  }

  private LoaderLists(Peb peb, int budget) {
    this.peb = peb;
    this.budget = budget;
  }

  /**
   * Walks the lists of a PEB.
   *
   * @param budget entries that may be visited
   */
  static LoaderLists of(Peb peb, int budget) {
    LoaderLists lists = new LoaderLists(peb, budget);
    lists.walk();
    return lists;
  }

  /** VAs of LDR_DATA_TABLE_ENTRYs, and the lists they are on. */
  Map<Long, Set<Order>> entries() {
    return entries;
  }

  /** Why some may be missing. */
  List<String> troubles() {
    return troubles;
  }

  /** What may still be visited. */
  int budget() {
    return budget;
  }

  private void walk() {
    UserLayout layout = peb.layout();
    OptionalLong loader = layout.pointer(peb.struct(), "Ldr");
    if (loader.isEmpty()) {
      trouble("its loader data: " + peb.struct().gap("Ldr").orElseThrow().text());
    } else if (loader.getAsLong() != 0) {
      if (!layout.isUserAddress(peb.space(), loader.getAsLong())) {
        trouble("its loader data is outside user space");
        return;
      }
      Struct data = Struct.read(peb.space(), layout.loader(), loader.getAsLong());
      for (Order order : Order.values()) {
        walk(order, data.address(order.head));
      }
    }
  }

  private void walk(Order order, long head) {
    Set<Long> met = new HashSet<>();
    String forward = walk(order, head, 0, met);
    if (forward != null) {
      trouble(forward);
      walk(order, head, peb.layout().pointerBytes(), met);
    }
  }

  /**
   * Walks one list one way.
   *
   * @param link offset of the pointer in the LIST_ENTRY
   * @return why it ended before it was back at its head; null if it was
   */
  private String walk(Order order, long head, int link, Set<Long> met) {
    UserLayout layout = peb.layout();
    Set<Long> way = new HashSet<>();
    long at = head;
    while (true) {
      OptionalLong next = layout.pointer(peb.space(), at + link);
      if (next.isEmpty()) {
        return "%s: entry at 0x%x: %s".formatted(order.head, at, peb.space().locate(at).text());
      }
      at = next.getAsLong();
      if (at == head) {
        return null;
      }
      if (!layout.isUserAddress(peb.space(), at)) {
        return "%s leads to 0x%x, outside user space".formatted(order.head, at);
      }
      if (!way.add(at)) {
        return "%s comes back to 0x%x, not to its head".formatted(order.head, at);
      }
      if (way.size() > MAX_ENTRIES || budget == 0) {
        return "%s: only the first %d entries were taken".formatted(order.head, way.size() - 1);
      }
      budget--;
      if (met.add(at)) {
        entries
            .computeIfAbsent(
                at - layout.entry().offset(order.links), any -> EnumSet.noneOf(Order.class))
            .add(order);
      }
    }
  }

  private void trouble(String text) {
    troubles.add(text);
  }
}
