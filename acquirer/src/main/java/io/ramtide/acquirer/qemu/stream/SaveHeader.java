package io.ramtide.acquirer.qemu.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * The header of libvirt's save files and memory snapshots, version 2, 92 bytes, little-endian on
 * x86: magic (16 bytes), u32 version, u32 length of the XML and what pads it, u32 was running, u32
 * compression, u32 cookie offset, 14 reserved u32. XML follows, then QEMU's stream.
 */
public final class SaveHeader {
  static final int BYTES = 92;
  static final int MAX_XML = 64 << 20;

  private static final String MAGIC = "LibvirtQemudSave";
  private static final String UNFINISHED = "LibvirtQemudPart";
  private static final int VERSION = 2;
  private static final String[] COMPRESSIONS = {
    "raw", "gzip", "bzip2", "xz", "lzop", "zstd", "sparse"
  };

  private SaveHeader() {}

  /**
   * The offset of QEMU's stream in a file that begins with this header, or 0 if it is another file.
   *
   * @throws IOException if the header is of a file that is not finished, compressed, or damaged
   */
  public static long streamOffset(String name, FileChannel file) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (head.hasRemaining() && file.read(head, head.position()) >= 0) {
      // As much as there is.
    }
    head.flip();
    String magic =
        StandardCharsets.ISO_8859_1
            .decode(head.slice(0, Math.min(MAGIC.length(), head.limit())))
            .toString();
    if (magic.equals(UNFINISHED)) {
      throw new IOException(
          name + ": could not be read: libvirt did not finish writing it; save the guest again");
    }
    if (!magic.equals(MAGIC)) {
      return 0;
    }
    if (head.limit() < BYTES) {
      throw new IOException(
          "%s: could not be read: it ends at byte %d, in the header of the save file"
              .formatted(name, head.limit()));
    }
    return streamOffset(name, head);
  }

  private static long streamOffset(String name, ByteBuffer head) throws IOException {
    int version = head.getInt(16);
    int xml = head.getInt(20);
    int compression = head.getInt(28);
    if (version != VERSION) {
      throw new IOException(
          "%s: is a libvirt save file of version %s, and only version 2 is supported"
              .formatted(name, Integer.toUnsignedString(version)));
    }
    if (compression != 0) {
      String text =
          compression > 0 && compression < COMPRESSIONS.length
              ? COMPRESSIONS[compression]
              : "format " + Integer.toUnsignedString(compression);
      throw new IOException(
          ("%s: is a libvirt save file in %s, and only raw is supported; set save_image_format and"
                  + " snapshot_image_format to \"raw\" in libvirt's qemu.conf and save again")
              .formatted(name, text));
    }
    if (xml < 0 || xml > MAX_XML) {
      throw new IOException(
          "%s: could not be read: its header says %s bytes of XML"
              .formatted(name, Integer.toUnsignedString(xml)));
    }
    return BYTES + (long) xml;
  }
}
