package io.ramtide.testkit.windows.registry;

import io.ramtide.testkit.windows.key.SimHive;
import io.ramtide.testkit.windows.key.SimKey;
import java.util.Locale;

/** Many keys, for measurements: groups of keys below SOFTWARE\Bulk, each with some values. */
final class BulkKeys {

  private static final int IN_GROUP = 250; // the group's own key included

  private BulkKeys() {}

  static void write(SimHive hive, int keys, int values, long now) {
    if (keys == 0) {
      return;
    }
    SimKey bulk = hive.create(hive.root, "Bulk", false, hive.root.owner, now);
    SimKey group = null;
    for (int i = 1; i < keys; i++) {
      boolean isGroup = group == null || (i - 1) % IN_GROUP == 0;
      SimKey parent = isGroup ? bulk : group;
      String name = String.format(Locale.ROOT, isGroup ? "Group%05d" : "{%08x-key}", i);
      SimKey key = hive.create(parent, name, false, parent.owner, now);
      for (int value = 0; value < values; value++) {
        hive.set(key, "Value" + value, 1 + value % 2, data(i, value), now);
      }
      group = isGroup ? key : group;
    }
  }

  private static byte[] data(int key, int value) {
    return RegistryContent.utf16("C:\\Program Files\\" + key + "\\" + value + ".dll\0");
  }
}
