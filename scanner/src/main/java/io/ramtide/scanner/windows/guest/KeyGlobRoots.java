package io.ramtide.scanner.windows.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The full paths that a pattern of registry keys stands for. */
final class KeyGlobRoots {
  private static final String CLASSES = "REGISTRY\\MACHINE\\SOFTWARE\\Classes";
  private static final String USER_CLASSES = "REGISTRY\\USER\\*_Classes";
  private static final String CURRENT = "REGISTRY\\MACHINE\\SYSTEM\\CURRENTCONTROLSET";

  /** Until it is known which is the current one. */
  private static final String ANY_CONTROL_SET = "CONTROLSET???";

  private static final Map<String, List<String>> ROOTS =
      Map.ofEntries(
          Map.entry("REGISTRY", List.of("REGISTRY")),
          Map.entry("**", List.of("**")),
          Map.entry("HKLM", List.of("REGISTRY\\MACHINE")),
          Map.entry("HKEY_LOCAL_MACHINE", List.of("REGISTRY\\MACHINE")),
          Map.entry("HKU", List.of("REGISTRY\\USER")),
          Map.entry("HKEY_USERS", List.of("REGISTRY\\USER")),
          Map.entry("HKCU", List.of("REGISTRY\\USER\\*")),
          Map.entry("HKEY_CURRENT_USER", List.of("REGISTRY\\USER\\*")),
          Map.entry("HKCR", List.of(CLASSES, USER_CLASSES)),
          Map.entry("HKEY_CLASSES_ROOT", List.of(CLASSES, USER_CLASSES)),
          Map.entry("HKCC", List.of(CURRENT + "\\Hardware Profiles\\Current")),
          Map.entry("HKEY_CURRENT_CONFIG", List.of(CURRENT + "\\Hardware Profiles\\Current")));

  private KeyGlobRoots() {}

  /** Full paths, without a leading backslash. */
  static List<String> full(String glob) {
    String path = glob.strip();
    while (path.startsWith("\\")) {
      path = path.substring(1);
    }
    while (path.endsWith("\\")) {
      path = path.substring(0, path.length() - 1);
    }
    int end = path.indexOf('\\');
    String root = (end < 0 ? path : path.substring(0, end)).toUpperCase(Locale.ROOT);
    String rest = end < 0 ? "" : path.substring(end);
    if (!ROOTS.containsKey(root)) {
      throw new IllegalArgumentException(
          "\"%s\" is no pattern of registry keys: it has to begin with \\REGISTRY, HKLM, HKU, HKCU, HKCR, HKCC or **"
              .formatted(glob));
    }
    if (rest.contains("\\\\")) {
      throw new IllegalArgumentException(
          "\"%s\" is no pattern of registry keys: it has two backslashes in a row; one parts two names"
              .formatted(glob));
    }
    List<String> full = new ArrayList<>();
    ROOTS.get(root).forEach(begin -> full.add(begin + rest));
    String classes = "\\SOFTWARE\\CLASSES";
    if (root.equals("HKCU") || root.equals("HKEY_CURRENT_USER")) {
      String upper = rest.toUpperCase(Locale.ROOT);
      // There, a user's classes are only a link to a hive of their own.
      if (upper.equals(classes) || upper.startsWith(classes + "\\")) {
        full.add(USER_CLASSES + rest.substring(classes.length()));
      }
    }
    return full;
  }

  /**
   * The components of a full path; CurrentControlSet both as the link that it is, and as what it
   * leads to.
   *
   * @param path upper case
   * @param controlSet null: not known
   */
  static List<String[]> resolved(String path, String controlSet) {
    List<String[]> patterns = new ArrayList<>();
    patterns.add(path.split("\\\\"));
    if (path.equals(CURRENT) || path.startsWith(CURRENT + "\\")) {
      String[] led = path.split("\\\\");
      led[3] = controlSet == null ? ANY_CONTROL_SET : controlSet.toUpperCase(Locale.ROOT);
      patterns.add(led);
    }
    return patterns;
  }
}
