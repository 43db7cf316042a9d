package io.ramtide.cli.render;

/** Registry paths as people write them. */
public final class RegistryPath {
  private static final String MACHINE = "\\REGISTRY\\MACHINE\\";
  private static final String USER = "\\REGISTRY\\USER\\";

  private RegistryPath() {}

  /**
   * A key with HKLM or HKU in front where it is below one of them; {@code --key} takes it as it is.
   *
   * @param key below the hive's root; null or empty: the root
   */
  public static String of(String hive, String key) {
    String path = key == null || key.isEmpty() ? hive : hive + "\\" + key;
    if (path.regionMatches(true, 0, MACHINE, 0, MACHINE.length())) {
      return "HKLM\\" + path.substring(MACHINE.length());
    }
    if (path.regionMatches(true, 0, USER, 0, USER.length())) {
      return "HKU\\" + path.substring(USER.length());
    }
    return path;
  }
}
