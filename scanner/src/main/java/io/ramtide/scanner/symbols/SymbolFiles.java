package io.ramtide.scanner.symbols;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;

/** Reads the JSON files of symbol data; numbers in them are hex strings. */
final class SymbolFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SymbolFiles() {}

  /** A file that ships with the scanner. */
  static InputStream shipped(String file) throws IOException {
    InputStream in = SymbolFiles.class.getResourceAsStream(file);
    if (in == null) {
      throw new FileNotFoundException(file + " is missing");
    }
    return in;
  }

  static JsonNode tree(InputStream in) throws IOException {
    return JSON.readTree(in);
  }

  /** A layout in one file: what an index says of it, and its types. */
  static Layout layout(JsonNode json) {
    return new Layout(head(json), () -> types(json.path("types")));
  }

  static Layout.Head head(JsonNode json) {
    return new Layout.Head(
        json.path("name").asText(),
        json.path("firstBuild").asInt(),
        json.path("lastBuild").asInt(),
        json.path("source").asText(),
        number(json.path("processTag")),
        number(json.path("processHeaderSize")));
  }

  static Map<String, StructType> types(JsonNode json) {
    Map<String, StructType> types = new HashMap<>();
    json.properties()
        .forEach(type -> types.put(type.getKey(), type(type.getKey(), type.getValue())));
    return types;
  }

  private static StructType type(String name, JsonNode json) {
    Map<String, StructType.Field> fields = new HashMap<>();
    json.path("fields")
        .properties()
        .forEach(field -> fields.put(field.getKey(), field(field.getValue().asText())));
    return new StructType(name, number(json.path("size")), fields);
  }

  /** "0x10", or for a bit field its first bit and length besides: "0x10:3:5". */
  private static StructType.Field field(String text) {
    String[] parts = text.split(":", -1);
    return parts.length == 1
        ? new StructType.Field(Integer.decode(parts[0]), 0, 0)
        : new StructType.Field(
            Integer.decode(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }

  private static int number(JsonNode hex) {
    return hex.isMissingNode() ? 0 : (int) (long) Long.decode(hex.asText());
  }
}
