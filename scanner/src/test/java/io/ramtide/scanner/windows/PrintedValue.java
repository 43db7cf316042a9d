package io.ramtide.scanner.windows;

import io.ramtide.schemas.RegistryValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Values of the registry as peers print them. */
final class PrintedValue {
  /** What stands for data that a Volatility takes a big data record for. */
  static final String RECORD = "(the record, not what it leads to)";

  private static final List<String> TYPES =
      List.of(
          "REG_NONE",
          "REG_SZ",
          "REG_EXPAND_SZ",
          "REG_BINARY",
          "REG_DWORD",
          "REG_DWORD_BIG_ENDIAN",
          "REG_LINK",
          "REG_MULTI_SZ",
          "REG_RESOURCE_LIST",
          "REG_FULL_RESOURCE_DESCRIPTOR",
          "REG_RESOURCE_REQUIREMENTS_LIST",
          "REG_QWORD");

  private PrintedValue() {}

  static byte[] data(RegistryValue value) {
    ByteBuffer data = value.getData().duplicate();
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    return bytes;
  }

  static int type(RegistryValue value) {
    return TYPES.indexOf(value.getType());
  }

  /** Windows has more than 16,344 bytes in segments; the Volatilities expect them above 16,384. */
  static boolean isTakenForPlain(RegistryValue value) {
    return value.getLength() > 16_344 && value.getLength() <= 16_384;
  }

  /** Names with characters beyond 8 bits are printed byte by byte, as Latin-1, up to a zero. */
  static String latin1(String name) {
    if (name.chars().allMatch(c -> c <= 0xff)) {
      return name;
    }
    String bytes =
        new String(name.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1);
    return bytes.split("\0", 2)[0];
  }

  /** As Volatility 3 prints it: numbers bare, all else in quotes, REG_NONE without its data. */
  static String volatility3(RegistryValue value) {
    byte[] data = data(value);
    return switch (value.getType()) {
      case "REG_DWORD", "REG_DWORD_BIG_ENDIAN", "REG_QWORD" -> number(value);
      case "REG_NONE" -> "\"\"";
      case "REG_BINARY" -> quoted(isTakenForPlain(value) ? RECORD : dump(data));
      case "REG_MULTI_SZ" -> quoted(text(data).replace('\0', '\n'));
      default -> {
        String first = text(data).split("\0", 2)[0];
        boolean isText = points(first) >= points(text(data)) - 1;
        yield quoted(isText ? first : dump(data));
      }
    };
  }

  /** As Volatility 2 prints it: texts in ASCII with their last zero, other bytes as they are. */
  static String volatility2(RegistryValue value) {
    byte[] data = data(value);
    return switch (value.getType()) {
      case "REG_DWORD", "REG_DWORD_BIG_ENDIAN", "REG_QWORD" -> number(value);
      case "REG_NONE", "REG_BINARY" -> "\n" + (isTakenForPlain(value) ? RECORD : offsetDump(data));
      case "REG_SZ", "REG_EXPAND_SZ", "REG_LINK" -> ascii(text(data));
      case "REG_MULTI_SZ" ->
          Arrays.stream(text(data).split("\0", -1))
              .map(text -> "'" + ascii(text) + "'")
              .collect(Collectors.joining(", ", "[", "]"));
      default -> new String(data, StandardCharsets.ISO_8859_1);
    };
  }

  private static String number(RegistryValue value) {
    ByteBuffer data = ByteBuffer.wrap(data(value));
    boolean isBig = value.getType().equals("REG_DWORD_BIG_ENDIAN");
    data.order(isBig ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    return data.remaining() == Long.BYTES
        ? Long.toUnsignedString(data.getLong())
        : Integer.toUnsignedString(data.getInt());
  }

  private static String text(byte[] data) {
    return new String(data, StandardCharsets.UTF_16LE);
  }

  private static int points(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  private static String ascii(String text) {
    return text.codePoints()
        .mapToObj(
            c ->
                (c < 0x80 ? "%c" : c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x")
                    .formatted(c))
        .collect(Collectors.joining());
  }

  private static String dump(byte[] data) {
    StringBuilder dump = new StringBuilder("\n");
    for (int at = 0; at < data.length; at += 16) {
      byte[] row = Arrays.copyOfRange(data, at, Math.min(at + 16, data.length));
      dump.append("%-48s".formatted(hex(row) + " "))
          .append(printable(row, ' '))
          .append(at + 16 < data.length ? "\n" : "");
    }
    return dump.toString();
  }

  private static String offsetDump(byte[] data) {
    StringBuilder dump = new StringBuilder();
    for (int at = 0; at < data.length; at += 16) {
      byte[] row = Arrays.copyOfRange(data, at, Math.min(at + 16, data.length));
      dump.append("0x%08x  %-48s  %s".formatted(at, hex(row), printable(row, '!')))
          .append(at + 16 < data.length ? "\n" : "");
    }
    return dump.toString();
  }

  private static String hex(byte[] row) {
    return HexFormat.ofDelimiter(" ").formatHex(row);
  }

  private static String printable(byte[] row, char from) {
    StringBuilder printable = new StringBuilder();
    for (byte b : row) {
      printable.append(b >= from && b <= '~' ? (char) b : '.');
    }
    return printable.toString();
  }
}
