package io.ramtide.acquirer.qemu.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;

/** The stream's bytes in order: big-endian numbers, names, pages. */
final class StreamInput {
  private static final int BUFFER = 1 << 20;
  private static final int MAX_SHOWN = 80;

  private final String name;
  private final ReadableByteChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).flip();
  private long limit = Long.MAX_VALUE;
  private long filled;

  /**
   * @param name of the stream in messages
   * @param start position of the channel's next byte, for messages and {@link #position}
   */
  StreamInput(String name, ReadableByteChannel channel, long start) {
    this.name = name;
    this.channel = channel;
    filled = start;
  }

  /** Where the next byte is. */
  long position() {
    return filled - buffer.remaining();
  }

  /** Reading beyond this position fails: nothing that is meant well is longer. */
  void limit(long position) {
    limit = position;
  }

  int u8(String what) throws IOException {
    need(1, what);
    return buffer.get() & 0xff;
  }

  int u16(String what) throws IOException {
    need(2, what);
    return buffer.getShort() & 0xffff;
  }

  long u32(String what) throws IOException {
    need(4, what);
    return buffer.getInt() & 0xffff_ffffL;
  }

  /** 64 bits, as they are: above 2^63 it is negative. */
  long u64(String what) throws IOException {
    need(8, what);
    return buffer.getLong();
  }

  /** A length byte and so many bytes of text. */
  String counted(String what) throws IOException {
    return text(u8(what), what);
  }

  /** Bytes of text, at most a buffer's. */
  String text(int length, String what) throws IOException {
    need(length, what);
    byte[] bytes = new byte[length];
    buffer.get(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** The next bytes, valid until the next call; at most a buffer's. */
  ByteBuffer bytes(int length, String what) throws IOException {
    need(length, what);
    ByteBuffer bytes = buffer.slice(buffer.position(), length);
    buffer.position(buffer.position() + length);
    return bytes;
  }

  /** What is wrong with the stream, and where. */
  IOException bad(String what) {
    return new IOException(
        "%s: could not be read: %s (before byte %d)".formatted(name, what, position()));
  }

  /** Text of the stream, fit to be shown. */
  static String shown(String text) {
    String safe = text.replaceAll("[^\\x20-\\x7e]", "?");
    return safe.length() > MAX_SHOWN ? safe.substring(0, MAX_SHOWN) + "..." : safe;
  }

  private void need(int bytes, String what) throws IOException {
    if (buffer.remaining() >= bytes) {
      return;
    }
    buffer.compact();
    while (buffer.position() < bytes) {
      int read = channel.read(buffer);
      if (read < 0) {
        throw new IOException(
            "%s: could not be read: it ends at byte %d, in %s".formatted(name, filled, what));
      }
      filled += read;
      if (filled - buffer.position() > limit) {
        throw new IOException(
            "%s: could not be read: it is longer than any stream of this guest, %d bytes"
                .formatted(name, limit));
      }
    }
    buffer.flip();
  }
}
