package io.ramtide.acquirer.qemu.stream;

import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;

/**
 * Reads RAM out of QEMU's migration stream, version 3, big-endian: "QEVM", u32 version, then
 * sections, each a type byte and what the type says. Reading stops where device state begins.
 *
 * <p>QEMU may be in the guest's hands: no length, count, name or offset of the stream is believed
 * further than the guest's layout allows.
 */
public final class RamStream {
  private static final int MAGIC = 0x5145564d;
  private static final int VERSION = 3;
  private static final int RAM_VERSION = 4;

  private static final int EOF = 0x00;
  private static final int START = 0x01;
  private static final int PART = 0x02;
  private static final int END = 0x03;
  private static final int FULL = 0x04;
  private static final int SUBSECTION = 0x05;
  private static final int DESCRIPTION = 0x06;
  private static final int CONFIGURATION = 0x07;
  private static final int COMMAND = 0x08;
  private static final int FOOTER = 0x7e;

  private static final int MAX_SECTION_HEAD = 512;

  private final StreamInput in;
  private final RamSection ram;
  private String machine = "";
  private long ramId = -1;

  private RamStream(StreamInput in, RamSection ram) {
    this.in = in;
    this.ram = ram;
  }

  /**
   * Reads a stream that is a file. Pages are not copied: an index, 8 bytes a page, tells where in
   * the file each is.
   *
   * @param name of the stream in messages
   * @param file which the image closes, also when this fails
   * @param start offset of the stream in the file
   * @throws IOException if it cannot be read, with what, where and what to do
   */
  public static RamImage index(
      String name, FileChannel file, long start, BlockLayout layout) throws IOException {
    StreamInput in;
    try {
      in = new StreamInput(name, file.position(start), start);
    } catch (IOException e) {
      file.close();
      throw e;
    }
    RamSection ram = new RamSection(in, new PageStore.InPlace(file), layout);
    return new RamStream(in, ram).image();
  }

  /**
   * Reads a stream that goes by, up to its device state; the rest stays in the channel.
   *
   * @param folder for the pages that are not zero, in an unlinked file
   * @throws IOException if it cannot be read, with what, where and what to do
   */
  public static RamImage spool(
      String name, ReadableByteChannel channel, BlockLayout layout, Path folder)
      throws IOException {
    StreamInput in = new StreamInput(name, channel, 0);
    in.limit(RamSection.MAX_OTHER);
    PageStore store = new PageStore.Spool(TemporaryFile.open(folder));
    return new RamStream(in, new RamSection(in, store, layout)).image();
  }

  private RamImage image() throws IOException {
    RamImage image = null;
    try {
      read();
      image = ram.image();
      return image;
    } finally {
      if (image == null) {
        ram.close();
      }
    }
  }

  private void read() throws IOException {
    if (in.u32("the magic") != MAGIC) {
      throw in.bad("it does not begin with QEVM");
    }
    long version = in.u32("the version");
    if (version != VERSION) {
      throw in.bad("it has version %d, and only version 3 is supported".formatted(version));
    }
    boolean more = true;
    while (more) {
      more = section(in.u8("the type of a section"));
    }
  }

  /** Reads a section; false if RAM was before it. */
  private boolean section(int type) throws IOException {
    switch (type) {
      case CONFIGURATION -> machine = in.text(length("the machine type"), "the machine type");
      case SUBSECTION -> configuration();
      case COMMAND -> {
        in.u16("a command");
        in.bytes(in.u16("a command"), "a command");
      }
      case START, FULL -> {
        return begin(type);
      }
      case PART, END -> {
        if (in.u32("the number of a section") != ramId) {
          throw in.bad("a section continues that never began");
        }
        ram.read(machine);
      }
      case FOOTER -> in.u32("the end of a section");
      case EOF, DESCRIPTION -> {
        if (!ram.begun()) {
          throw in.bad("it holds no RAM");
        }
        return false;
      }
      default -> throw in.bad("a section has the unknown type 0x%02x".formatted(type));
    }
    return true;
  }

  private boolean begin(int type) throws IOException {
    long id = in.u32("the number of a section");
    String name = in.counted("the name of a section");
    in.u32("the instance of a section");
    long version = in.u32("the version of a section");
    if (!name.equals("ram")) {
      if (type == FULL && ram.begun()) {
        return false;
      }
      throw in.bad(
          ("the state of %s comes before RAM, and how long it is the stream does not say; take"
                  + " another method for this guest")
              .formatted(StreamInput.shown(name)));
    }
    if (version != RAM_VERSION || ramId >= 0) {
      throw in.bad("section ram has version %d or begins twice".formatted(version));
    }
    ramId = id;
    ram.read(machine);
    if (!ram.begun()) {
      throw in.bad("section ram does not begin with the list of its blocks");
    }
    return true;
  }

  /** What may follow the machine type. */
  private void configuration() throws IOException {
    String what = "the configuration";
    String name = in.counted(what);
    in.u32(what);
    switch (name) {
      case "configuration/target-page-bits" -> {
        long bits = in.u32(what);
        if (1L << bits != MemorySource.FRAME_BYTES) {
          throw in.bad("its pages have 2^%d bytes; only 4096 are supported".formatted(bits));
        }
      }
      case "configuration/capabilities" -> {
        for (long left = length(what); left > 0; left--) {
          String capability = in.counted(what);
          if (capability.equals("x-ignore-shared") || capability.equals("mapped-ram")) {
            throw in.bad("migration capability %s is on; switch it off".formatted(capability));
          }
        }
      }
      case "configuration/uuid" -> in.bytes(16, what);
      default ->
          throw in.bad("%s is unknown".formatted(StreamInput.shown(name)));
    }
  }

  private int length(String what) throws IOException {
    long length = in.u32("the length of " + what);
    if (length > MAX_SECTION_HEAD) {
      throw in.bad("%s has length %d".formatted(what, length));
    }
    return (int) length;
  }
}
