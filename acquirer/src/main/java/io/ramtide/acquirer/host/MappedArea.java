package io.ramtide.acquirer.host;

/**
 * One line of /proc/PID/maps.
 *
 * @param start host-virtual address of the first byte
 * @param end address after the last byte
 * @param shared whether what is written there is seen by other processes that map the file
 * @param fileOffset where in the file it begins, bytes
 * @param file what is mapped; its inode is 0 for private anonymous memory
 */
public record MappedArea(long start, long end, boolean shared, long fileOffset, FileId file) {
  /**
   * A file of this host, whatever its names are.
   *
   * @param device as Linux prints it, major:minor in hexadecimal
   */
  public record FileId(String device, long inode) {
    static FileId of(long statDevice, long inode) {
      long major = (statDevice >>> 8 & 0xfff) | (statDevice >>> 32 & ~0xfffL);
      long minor = (statDevice & 0xff) | (statDevice >>> 12 & ~0xffL);
      return new FileId("%02x:%02x".formatted(major, minor), inode);
    }
  }

  /** Whether a file, and not only private memory, is behind it. */
  public boolean hasFile() {
    return file.inode() != 0;
  }

  /** As in /proc/PID/map_files. */
  String name() {
    return Long.toHexString(start) + "-" + Long.toHexString(end);
  }
}
