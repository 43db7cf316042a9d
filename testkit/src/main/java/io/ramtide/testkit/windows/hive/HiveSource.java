package io.ramtide.testkit.windows.hive;

/**
 * What a hive is loaded from.
 *
 * @param path path of its root key
 * @param fileName file as whoever loads it names it; null: it is in memory only
 * @param fileFullPath the same file with its device; null without
 * @param rootName name of the root key in the file
 * @param minorVersion 3 or 5, as 1.3 and 1.5; big data needs 4
 */
public record HiveSource(
    String path, String fileName, String fileFullPath, String rootName, int minorVersion) {

  public boolean inMemoryOnly() {
    return fileName == null;
  }
}
