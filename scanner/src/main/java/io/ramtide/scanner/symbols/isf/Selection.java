package io.ramtide.scanner.symbols.isf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.scanner.symbols.StructType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is taken of a table: structures.json. Of alternatives, "a|b", the first that a table has is
 * taken, under the name of the first. A dotted name is a path through structures in structures.
 *
 * @param types fields by type
 * @param symbols in the order in which they are written
 * @param needed "type" or "type.field" without which a table is of no use
 * @param neededSymbols symbols without which a table that has symbols is of no use
 * @param fingerprint changes with anything above
 */
record Selection(
    Map<String, List<String>> types,
    List<String> symbols,
    List<String> needed,
    List<String> neededSymbols,
    String fingerprint) {
  /** No structure of a kernel is as large. */
  private static final long MAX_SIZE = 1L << 20;

  private static final int MAX_BITS = 64;

  static Selection read(InputStream structures) throws IOException {
    JsonNode json = new ObjectMapper().readTree(structures);
    Map<String, List<String>> types = new LinkedHashMap<>();
    json.path("types")
        .properties()
        .forEach(type -> types.put(type.getKey(), texts(type.getValue())));
    return new Selection(
        types,
        texts(json.path("symbols")),
        texts(json.path("needed")),
        texts(json.path("neededSymbols")),
        fingerprint(json));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static String fingerprint(JsonNode json) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(json.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The structures of a layout. */
  Map<String, StructType> types(Isf isf) throws UnusableTableException {
    Map<String, StructType> chosen = new HashMap<>();
    for (Map.Entry<String, List<String>> wanted : types.entrySet()) {
      Optional<String> type =
          alternatives(wanted.getKey())
              .map(name -> "_" + name)
              .filter(isf.types()::containsKey)
              .findFirst();
      if (type.isPresent()) {
        String name = type.get();
        long size = checked(isf.types().get(name).size(), "the size of " + name);
        Map<String, StructType.Field> fields = new HashMap<>();
        for (String field : wanted.getValue()) {
          place(isf, name, field).ifPresent(found -> fields.put(first(field), found));
        }
        String called = first(wanted.getKey());
        chosen.put(called, new StructType(called, (int) size, fields));
      }
    }
    return chosen;
  }

  private static Stream<String> alternatives(String names) {
    return Stream.of(names.split("\\|", -1));
  }

  private static String first(String names) {
    return names.split("\\|", -1)[0];
  }

  private static Optional<StructType.Field> place(Isf isf, String type, String field)
      throws UnusableTableException {
    for (String path : field.split("\\|", -1)) {
      Optional<StructType.Field> found = follow(isf, type, path);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<StructType.Field> follow(Isf isf, String start, String path)
      throws UnusableTableException {
    String type = start;
    long offset = 0;
    Isf.Field field = null;
    for (String name : path.split("\\.", -1)) {
      Isf.Type at = isf.types().get(type);
      field = at == null ? null : at.fields().get(name);
      if (field == null) {
        return Optional.empty();
      }
      offset = checked(offset + checked(field.offset(), start + "." + path), start + "." + path);
      type = field.type();
    }
    if (field == null) {
      return Optional.empty();
    }
    if (field.firstBit() < 0
        || field.bits() < 0
        || field.firstBit() > MAX_BITS
        || field.bits() > MAX_BITS
        || field.firstBit() + field.bits() > MAX_BITS) {
      throw new UnusableTableException(
          "puts the bits of %s.%s where none can be".formatted(start, path));
    }
    return Optional.of(
        new StructType.Field((int) offset, (int) field.firstBit(), (int) field.bits()));
  }

  private static long checked(long bytes, String what) throws UnusableTableException {
    if (bytes < 0 || bytes > MAX_SIZE) {
      throw new UnusableTableException(
          "puts %s at %d bytes: no structure is like that".formatted(what, bytes));
    }
    return bytes;
  }

  /** What a table lacks of what is needed. */
  List<String> missing(Map<String, StructType> chosen, Isf isf) {
    List<String> missing = new ArrayList<>();
    for (String name : needed) {
      String[] parts = name.split("\\.", 2);
      StructType type = chosen.get(parts[0]);
      if (type == null || (parts.length == 2 && !type.has(parts[1]))) {
        missing.add("_" + name);
      }
    }
    if (isf.allSymbols() > 0) {
      neededSymbols.stream()
          .filter(symbol -> !isf.symbols().containsKey(symbol))
          .forEach(missing::add);
    }
    return missing;
  }
}
