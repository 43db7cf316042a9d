package io.ramtide.scanner.windows.guest;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.paging.AddressSpace.ReadResult;
import io.ramtide.scanner.paging.Translation;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.symbols.SymbolStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A text of the guest, or why it could not be read. Surrogates without a partner become U+FFFD;
 * everything else is as the guest has it, control characters included.
 *
 * @param value null if nothing of it could be read
 * @param status null if it was read whole; else why it is null or cut: "paged out", ...
 */
public record GuestText(String value, String status) {
  /** Longest text of the kernel that is taken, in UTF-16 units; a longer one is cut. */
  public static final int MAX_NAME = 4096;

  /** Longest command line that Windows itself takes, in UTF-16 units. */
  public static final int MAX_COMMAND_LINE = 32_767;

  /** There is no text, and none was to be expected. */
  public static final GuestText NONE = new GuestText(null, null);

  public static GuestText of(String value) {
    return new GuestText(value, null);
  }

  public static GuestText missing(String status) {
    return new GuestText(null, status);
  }

  public static GuestText missing(Translation why) {
    return missing(why.status());
  }

  /** Reads the UNICODE_STRING of 64-bit code at {@code va}. */
  public static GuestText unicodeString(AddressSpace space, long va, int maxUnits) {
    return string(space, Types.STRING, va, maxUnits);
  }

  /** Reads the UNICODE_STRING of 32-bit code at {@code va}. */
  public static GuestText unicodeString32(AddressSpace space, long va, int maxUnits) {
    return string(space, Types.STRING32, va, maxUnits);
  }

  /** Layouts of the two, which no build changes. */
  private static final class Types {
    private static final StructType STRING = SymbolStore.shipped().common().type("UNICODE_STRING");
    private static final StructType STRING32 =
        SymbolStore.shipped().common().type("UNICODE_STRING32");
  }

  private static GuestText string(AddressSpace space, StructType type, long va, int maxUnits) {
    byte[] header = new byte[type.size()];
    ReadResult read = space.read(va, header, 0, header.length);
    if (!read.isComplete()) {
      return missing(read.gap().orElseThrow());
    }
    ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    int length = fields.getShort(type.offset("Length")) & 0xffff;
    int maximum = fields.getShort(type.offset("MaximumLength")) & 0xffff;
    int buffer = type.offset("Buffer");
    long text =
        type.size() - buffer == Long.BYTES
            ? fields.getLong(buffer)
            : Integer.toUnsignedLong(fields.getInt(buffer));
    return utf16(space, text, length, maximum, maxUnits);
  }

  private static GuestText utf16(
      AddressSpace space, long buffer, int length, int maximum, int maxUnits) {
    if (length == 0) {
      return of("");
    }
    if (length % 2 != 0 || length > maximum || buffer == 0) {
      return missing("not a text");
    }
    return utf16(space, buffer, length, maxUnits);
  }

  /** Reads {@code length} bytes of UTF-16 at {@code va}. */
  public static GuestText utf16(AddressSpace space, long va, int length, int maxUnits) {
    int wanted = Math.min(length, 2 * maxUnits);
    byte[] bytes = new byte[wanted];
    ReadResult read = space.read(va, bytes, 0, wanted);
    int known = read.bytes() & ~1;
    if (known == 0 && !read.isComplete()) {
      return missing(read.gap().orElseThrow());
    }
    String text = decode(bytes, 0, known);
    if (!read.isComplete()) {
      return new GuestText(text, "cut: " + read.gap().orElseThrow().status());
    }
    return wanted < length
        ? new GuestText(text, "cut after %d characters".formatted(maxUnits))
        : of(text);
  }

  /**
   * Decodes UTF-16, little-endian. The JDK would let a surrogate without a partner swallow the unit
   * behind it.
   */
  public static String decode(byte[] bytes, int from, int length) {
    char[] units = new char[length / 2];
    for (int i = 0; i < units.length; i++) {
      units[i] = (char) ((bytes[from + 2 * i] & 0xff) | (bytes[from + 2 * i + 1] << 8));
    }
    for (int i = 0; i < units.length; i++) {
      if (i + 1 < units.length && Character.isSurrogatePair(units[i], units[i + 1])) {
        i++;
      } else if (Character.isSurrogate(units[i])) {
        units[i] = '\ufffd';
      }
    }
    return new String(units);
  }

  /** Reads the text of one-byte characters at {@code va}, up to its zero byte. */
  public static GuestText latin1(AddressSpace space, long va, int maxBytes) {
    byte[] bytes = new byte[maxBytes];
    ReadResult read = space.read(va, bytes, 0, maxBytes);
    for (int end = 0; end < read.bytes(); end++) {
      if (bytes[end] == 0) {
        return of(new String(bytes, 0, end, StandardCharsets.ISO_8859_1));
      }
    }
    String text = new String(bytes, 0, read.bytes(), StandardCharsets.ISO_8859_1);
    if (read.isComplete()) {
      return new GuestText(text, "cut after %d characters".formatted(maxBytes));
    }
    String why = read.gap().orElseThrow().status();
    return text.isEmpty() ? missing(why) : new GuestText(text, "cut: " + why);
  }
}
