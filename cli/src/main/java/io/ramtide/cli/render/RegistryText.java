package io.ramtide.cli.render;

import io.ramtide.schemas.RegistryValue;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Registry values for people. What comes from the guest is not escaped yet. */
public final class RegistryText {
  /** Bytes of binary data that are shown. */
  private static final int BYTES_SHOWN = 64;

  /** Characters of a text that are shown. */
  private static final int CHARACTERS_SHOWN = 1024;

  private RegistryText() {}

  /** A value's name; the default value's is empty. */
  public static String name(String name) {
    return name.isEmpty() ? "(default)" : name;
  }

  /**
   * Name, type and data.
   *
   * @param nameWidth characters that names of the same key are filled up to
   */
  public static String value(RegistryValue value, int nameWidth) {
    String line =
        "%s  %-13s  %s"
            .formatted(
                padded(name(value.getName()), nameWidth),
                value.getType(),
                data(value.getType(), value.getData(), value.getLength()));
    return value.getDataStatus() == null ? line : line + " (" + value.getDataStatus() + ")";
  }

  private static String padded(String text, int width) {
    return width > text.length() ? text + " ".repeat(width - text.length()) : text;
  }

  /**
   * Data as its type has it: texts in quotes, numbers in both ways, else hex digits.
   *
   * @param data null: not known
   * @param length bytes of the whole data, of which {@code data} may be the begin; null: not known
   */
  public static String data(String type, ByteBuffer data, Long length) {
    if (data == null) {
      return "-";
    }
    Optional<Object> form = type == null ? Optional.empty() : RegistryData.of(type, data);
    if (form.isEmpty()) {
      return hex(data, length);
    }
    if (form.get() instanceof List<?> texts) {
      return cut(
          texts.stream().map(RegistryText::quoted).collect(Collectors.joining(", ", "[", "]")));
    }
    if (form.get() instanceof Number number) {
      return "%s (0x%x)".formatted(number, number);
    }
    return cut(quoted(form.get()));
  }

  private static String quoted(Object text) {
    return '"' + text.toString() + '"';
  }

  private static String cut(String text) {
    return text.length() <= CHARACTERS_SHOWN
        ? text
        : text.substring(0, CHARACTERS_SHOWN) + "... (%d characters)".formatted(text.length());
  }

  private static String hex(ByteBuffer data, Long length) {
    byte[] shown = new byte[Math.min(BYTES_SHOWN, data.remaining())];
    data.duplicate().get(shown);
    long whole = length == null ? data.remaining() : length;
    String digits = HexFormat.ofDelimiter(" ").formatHex(shown);
    if (shown.length == whole) {
      return whole == 0 ? "(empty)" : digits;
    }
    return "%s... (%d bytes)".formatted(digits, whole);
  }
}
