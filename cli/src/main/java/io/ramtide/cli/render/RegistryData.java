package io.ramtide.cli.render;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A registry value's bytes as what its type says they are. */
public final class RegistryData {
  private static final int CHARACTER = 2;

  private RegistryData() {}

  /** Whether values of a type have {@code data} in the JSON, besides their bytes. */
  public static boolean hasForm(String type) {
    return switch (type) {
      case "REG_SZ", "REG_EXPAND_SZ", "REG_LINK", "REG_MULTI_SZ", "REG_DWORD", "REG_QWORD" -> true;
      default -> false;
    };
  }

  /**
   * A String for REG_SZ, REG_EXPAND_SZ and REG_LINK, a List of String for REG_MULTI_SZ, a Number
   * (unsigned) for REG_DWORD, REG_DWORD_BIG_ENDIAN and REG_QWORD.
   *
   * @return empty for other types, and where the bytes are too few or too many for the number
   */
  public static Optional<Object> of(String type, ByteBuffer data) {
    return switch (type) {
      case "REG_SZ", "REG_EXPAND_SZ", "REG_LINK" -> Optional.of(text(data));
      case "REG_MULTI_SZ" -> Optional.of(texts(data));
      case "REG_DWORD" -> dword(data, ByteOrder.LITTLE_ENDIAN);
      case "REG_DWORD_BIG_ENDIAN" -> dword(data, ByteOrder.BIG_ENDIAN);
      case "REG_QWORD" -> qword(data);
      default -> Optional.empty();
    };
  }

  private static Optional<Object> dword(ByteBuffer data, ByteOrder order) {
    return data.remaining() == Integer.BYTES
        ? Optional.of(Integer.toUnsignedLong(data.duplicate().order(order).getInt()))
        : Optional.empty();
  }

  private static Optional<Object> qword(ByteBuffer data) {
    return data.remaining() == Long.BYTES
        ? Optional.of(
            new BigInteger(
                Long.toUnsignedString(data.duplicate().order(ByteOrder.LITTLE_ENDIAN).getLong())))
        : Optional.empty();
  }

  /**
   * UTF-16LE without the NULs at its end. Windows' own tools stop at the first NUL; what is hidden
   * behind one is kept here. An odd last byte is no character.
   */
  private static String text(ByteBuffer data) {
    String all = characters(data);
    int end = all.length();
    while (end > 0 && all.charAt(end - 1) == 0) {
      end--;
    }
    return all.substring(0, end);
  }

  /** Texts that end with a NUL each; the empty ones at the end only end the list. */
  private static List<String> texts(ByteBuffer data) {
    List<String> texts = new ArrayList<>();
    String all = text(data);
    if (all.isEmpty()) {
      return texts;
    }
    int begin = 0;
    for (int end = all.indexOf(0); end >= 0; end = all.indexOf(0, begin)) {
      texts.add(all.substring(begin, end));
      begin = end + 1;
    }
    texts.add(all.substring(begin));
    return texts;
  }

  /** Lone surrogates stay what they are. */
  private static String characters(ByteBuffer data) {
    ByteBuffer whole = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    whole.limit(whole.limit() - whole.remaining() % CHARACTER);
    return whole.asCharBuffer().toString();
  }
}
