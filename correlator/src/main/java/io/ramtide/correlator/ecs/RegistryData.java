package io.ramtide.correlator.ecs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** The data of a registry value, as ECS has it. */
final class RegistryData {
  private RegistryData() {}

  /**
   * Fills an object like ECS's registry.data.
   *
   * @param data raw; null: not known
   */
  static void put(ObjectNode node, String type, ByteBuffer data) {
    EcsDocument.text(node, "type", type, Text.NAME);
    if (data == null) {
      return;
    }
    byte[] bytes = new byte[data.remaining()];
    data.duplicate().get(bytes);
    node.put("bytes", Base64.getEncoder().encodeToString(bytes));
    List<String> strings = strings(type, bytes);
    if (!strings.isEmpty()) {
      ArrayNode array = node.putArray("strings");
      strings.forEach(text -> array.add(Text.bounded(text, Text.PATH)));
    }
  }

  /** Texts are themselves, numbers are decimal; of anything else there are none. */
  static List<String> strings(String type, byte[] data) {
    if (type == null) {
      return List.of();
    }
    return switch (type) {
      case "REG_SZ", "REG_EXPAND_SZ" -> List.of(upToNul(text(data)));
      case "REG_LINK" -> List.of(text(data)); // Its length ends it, not a NUL.
      case "REG_MULTI_SZ" ->
          Arrays.stream(text(data).split("\0", -1)).takeWhile(part -> !part.isEmpty()).toList();
      case "REG_DWORD" -> number(data, Integer.BYTES, ByteOrder.LITTLE_ENDIAN);
      case "REG_DWORD_BIG_ENDIAN" -> number(data, Integer.BYTES, ByteOrder.BIG_ENDIAN);
      case "REG_QWORD" -> number(data, Long.BYTES, ByteOrder.LITTLE_ENDIAN);
      default -> List.of();
    };
  }

  private static String text(byte[] data) {
    return new String(data, 0, data.length & ~1, StandardCharsets.UTF_16LE);
  }

  private static String upToNul(String text) {
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  private static List<String> number(byte[] data, int size, ByteOrder order) {
    if (data.length != size) {
      return List.of(); // Windows does not check what a program stores.
    }
    ByteBuffer buffer = ByteBuffer.wrap(data).order(order);
    return List.of(
        size == Integer.BYTES
            ? Integer.toUnsignedString(buffer.getInt())
            : Long.toUnsignedString(buffer.getLong()));
  }
}
