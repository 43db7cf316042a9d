package io.ramtide.scanner.windows.network.table;

import java.util.ArrayList;
import java.util.List;

/** What is to be said of tcpip.sys's tables; for people. */
public final class TableNotes {
  private final List<String> unusable = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();

  TableNotes() {}

  /** Why a table, and so a view, could not be used: the pool scan does without. */
  public List<String> unusable() {
    return List.copyOf(unusable);
  }

  /** Where a table that was begun could not be read on, so that what it has may be missing. */
  public List<String> broken() {
    return List.copyOf(broken);
  }

  void unusable(String why) {
    add(unusable, why);
  }

  void broken(String why) {
    add(broken, why);
  }

  /** One of each text is enough. */
  private static void add(List<String> notes, String why) {
    if (notes.size() < Byte.MAX_VALUE && !notes.contains(why)) {
      notes.add(why);
    }
  }
}
