package io.ramtide.acquirer.qemu.stream;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes QEMU's migration stream by hand. */
final class StreamBuilder {
  static final int FRAME = 4096;
  static final int ZERO = 0x02;
  static final int LIST = 0x04;
  static final int PAGE = 0x08;
  static final int END = 0x10;
  static final int CONTINUE = 0x20;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  /** Magic, version and machine type. */
  static StreamBuilder of(String machine) {
    return new StreamBuilder().u32(0x5145564d).u32(3).u8(7).u32(machine.length()).text(machine);
  }

  /** The first section of RAM, with its list of blocks: name, bytes, name, bytes... */
  StreamBuilder ram(Object... blocks) {
    long total = 0;
    for (int i = 1; i < blocks.length; i += 2) {
      total += ((Number) blocks[i]).longValue();
    }
    section(1, 2, "ram", 4).u64(total | LIST);
    for (int i = 0; i < blocks.length; i += 2) {
      counted((String) blocks[i]).u64(((Number) blocks[i + 1]).longValue());
    }
    return end(2);
  }

  StreamBuilder section(int type, int id, String name, int version) {
    return u8(type).u32(id).counted(name).u32(0).u32(version);
  }

  StreamBuilder part(int id) {
    return u8(2).u32(id);
  }

  StreamBuilder page(String block, long offset, int fill) {
    u64(offset | PAGE).counted(block);
    return fill(fill);
  }

  StreamBuilder pageMore(long offset, int fill) {
    u64(offset | PAGE | CONTINUE);
    return fill(fill);
  }

  StreamBuilder zero(String block, long offset) {
    return u64(offset | ZERO).counted(block).u8(0);
  }

  StreamBuilder zeroMore(long offset) {
    return u64(offset | ZERO | CONTINUE).u8(0);
  }

  StreamBuilder end(int id) {
    return u64(END).u8(0x7e).u32(id);
  }

  /** What comes after RAM. */
  StreamBuilder device() {
    return section(4, 3, "timer", 2).text("whatever");
  }

  StreamBuilder fill(int fill) {
    byte[] page = new byte[FRAME];
    Arrays.fill(page, (byte) fill);
    bytes.writeBytes(page);
    return this;
  }

  StreamBuilder counted(String text) {
    return u8(text.length()).text(text);
  }

  StreamBuilder text(String text) {
    bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  StreamBuilder u8(int value) {
    bytes.write(value);
    return this;
  }

  StreamBuilder u16(int value) {
    return write(() -> out.writeShort(value));
  }

  StreamBuilder u32(int value) {
    return write(() -> out.writeInt(value));
  }

  StreamBuilder u64(long value) {
    return write(() -> out.writeLong(value));
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  private interface Write {
    void run() throws IOException;
  }

  private StreamBuilder write(Write write) {
    try {
      write.run();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
