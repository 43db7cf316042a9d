package io.ramtide.correlator.ecs;

import io.ramtide.schemas.RegistryEvent;
import java.util.Locale;
import java.util.Map;

/**
 * Where something is in the registry, as users and ECS name it.
 *
 * @param hive HKLM or HKU; null: none that has such a name
 * @param key below it; empty: itself
 * @param full with the hive, and the value if there is one
 */
record RegistryPath(String hive, String key, String full) {
  private static final Map<String, String> ABBREVIATIONS =
      Map.of("\\REGISTRY\\MACHINE", "HKLM", "\\REGISTRY\\USER", "HKU");

  static RegistryPath of(RegistryEvent event) {
    String root = event.getHive() == null ? "" : event.getHive();
    boolean below = event.getKey() != null && !event.getKey().isEmpty();
    String all = below ? root + "\\" + event.getKey() : root;
    String value = event.getValueName();
    for (Map.Entry<String, String> known : ABBREVIATIONS.entrySet()) {
      if ((all + "\\").toUpperCase(Locale.ROOT).startsWith(known.getKey() + "\\")) {
        String key = all.substring(Math.min(all.length(), known.getKey().length() + 1));
        String path = key.isEmpty() ? known.getValue() : known.getValue() + "\\" + key;
        return new RegistryPath(known.getValue(), key, withValue(path, value));
      }
    }
    return new RegistryPath(null, all, withValue(all, value));
  }

  private static String withValue(String path, String value) {
    if (value == null) {
      return path;
    }
    return path + "\\" + (value.isEmpty() ? "(Default)" : value);
  }
}
