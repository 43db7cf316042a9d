package io.ramtide.scanner.symbols;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the JSON files of symbol data; numbers in them are hex strings. */
final class SymbolFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SymbolFiles() {}

  static JsonNode tree(String file) {
    try (InputStream in = SymbolFiles.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the scanner's jar lacks its symbol data " + file);
      }
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException("symbol data " + file + " cannot be read", e);
    }
  }

  static Layout layout(String file) {
    JsonNode json = tree(file);
    Map<String, StructType> types = new HashMap<>();
    json.path("types")
        .properties()
        .forEach(type -> types.put(type.getKey(), type(type.getKey(), type.getValue())));
    return new Layout(
        json.path("name").asText(),
        json.path("firstBuild").asInt(),
        json.path("lastBuild").asInt(),
        json.path("source").asText(),
        (int) number(json.path("processTag")),
        (int) number(json.path("processHeaderSize")),
        types);
  }

  private static StructType type(String name, JsonNode json) {
    Map<String, StructType.Field> fields = new HashMap<>();
    json.path("fields")
        .properties()
        .forEach(field -> fields.put(field.getKey(), field(field.getValue().asText())));
    return new StructType(name, (int) number(json.path("size")), fields);
  }

  /** "0x10", or for a bit field its first bit and length besides: "0x10:3:5". */
  private static StructType.Field field(String text) {
    String[] parts = text.split(":", -1);
    return parts.length == 1
        ? new StructType.Field(Integer.decode(parts[0]), 0, 0)
        : new StructType.Field(
            Integer.decode(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }

  static List<KernelSymbols> kernels(String file) {
    List<KernelSymbols> kernels = new ArrayList<>();
    for (JsonNode kernel : tree(file).path("kernels")) {
      Map<String, Long> rvas = new HashMap<>();
      kernel
          .path("rvas")
          .properties()
          .forEach(rva -> rvas.put(rva.getKey(), number(rva.getValue())));
      kernels.add(
          new KernelSymbols(
              kernel.path("guid").asText(),
              kernel.path("age").asInt(),
              kernel.path("version").asText(),
              kernel.path("layout").asText(),
              rvas));
    }
    return kernels;
  }

  private static long number(JsonNode hex) {
    return hex.isMissingNode() ? 0 : Long.decode(hex.asText());
  }
}
