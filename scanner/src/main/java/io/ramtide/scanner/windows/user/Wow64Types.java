package io.ramtide.scanner.windows.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.scanner.symbols.StructType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Structures of 32-bit user space, which the 64-bit kernel's symbols do not have: {@code
 * wow64.json}, with its source.
 */
record Wow64Types(int firstBuild, int lastBuild, Map<String, StructType> types) {

  private static final class Holder {
    private static final List<Wow64Types> SHIPPED = load();
  }

  /** Those of a build; a later build than any known is taken to be like the last known one. */
  static Wow64Types of(int build) {
    List<Wow64Types> shipped = Holder.SHIPPED;
    for (Wow64Types types : shipped) {
      if (build <= types.lastBuild()) {
        return types;
      }
    }
    return shipped.get(shipped.size() - 1);
  }

  StructType type(String name) {
    return types.get(name);
  }

  private static List<Wow64Types> load() {
    try (InputStream in = Wow64Types.class.getResourceAsStream("wow64.json")) {
      if (in == null) {
        throw new IllegalStateException("the scanner's jar lacks its data file wow64.json");
      }
      List<Wow64Types> all = new ArrayList<>();
      new ObjectMapper().readTree(in).path("layouts").forEach(layout -> all.add(of(layout)));
      return List.copyOf(all);
    } catch (IOException e) {
      throw new UncheckedIOException("the data file wow64.json cannot be read", e);
    }
  }

  private static Wow64Types of(JsonNode layout) {
    Map<String, StructType> types = new HashMap<>();
    layout
        .path("types")
        .properties()
        .forEach(type -> types.put(type.getKey(), type(type.getKey(), type.getValue())));
    return new Wow64Types(
        layout.path("firstBuild").asInt(), layout.path("lastBuild").asInt(), Map.copyOf(types));
  }

  private static StructType type(String name, JsonNode json) {
    Map<String, StructType.Field> fields = new HashMap<>();
    json.path("fields")
        .properties()
        .forEach(
            field ->
                fields.put(
                    field.getKey(),
                    new StructType.Field(Integer.decode(field.getValue().asText()), 0, 0)));
    return new StructType(name, Integer.decode(json.path("size").asText()), fields);
  }
}
