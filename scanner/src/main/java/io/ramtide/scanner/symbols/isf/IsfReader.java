package io.ramtide.scanner.symbols.isf;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Reads ISF JSON as a stream, and keeps of it what an import may need. The file may be hostile:
 * what is kept is bounded, whatever else is in it is skipped.
 */
final class IsfReader {
  /** Kernels have some 1,700. */
  private static final int MAX_TYPES = 1 << 15;

  /** Kernels have some 20,000. */
  private static final int MAX_FIELDS = 1 << 19;

  private static final int MAX_TEXT = 256;

  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private final JsonParser in;
  private final Set<String> wanted;
  private String system = "";
  private String database = "";
  private String guid = "";
  private long age;
  private long machine;
  private final long[] version = {-1, -1, -1, -1};
  private long pointerSize;
  private final Map<String, Long> symbols = new HashMap<>();
  private int allSymbols;
  private final Map<String, Isf.Type> types = new HashMap<>();
  private int fields;

  private IsfReader(JsonParser in, Set<String> wanted) {
    this.in = in;
    this.wanted = wanted;
  }

  /**
   * Reads a whole file.
   *
   * @param wanted names of the symbols to keep
   * @throws IOException if it is not JSON, or cannot be read
   * @throws UnusableTableException if it has more of something than any table has
   */
  static Isf read(InputStream json, Set<String> wanted) throws IOException, UnusableTableException {
    try (JsonParser parser = JSON.createParser(json)) {
      IsfReader reader = new IsfReader(parser, wanted);
      parser.nextToken();
      reader.object(reader::top);
      while (parser.nextToken() != null) {
        parser.skipChildren();
      }
      return reader.isf();
    }
  }

  private Isf isf() {
    boolean hasVersion = version[0] >= 0 && version[1] >= 0 && version[2] >= 0 && version[3] >= 0;
    return new Isf(
        system,
        database,
        guid,
        age,
        machine,
        hasVersion ? "%d.%d.%d.%d".formatted(version[0], version[1], version[2], version[3]) : "",
        pointerSize,
        symbols,
        allSymbols,
        types);
  }

  /** Reads the value of a name; the parser is at its first token, and afterwards at its last. */
  @FunctionalInterface
  private interface Member {
    void read(String name) throws IOException, UnusableTableException;
  }

  /** Goes through the object at the parser; skips what is no object. */
  private void object(Member member) throws IOException, UnusableTableException {
    if (!in.isExpectedStartObjectToken()) {
      in.skipChildren();
      return;
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      member.read(name);
    }
  }

  private void top(String name) throws IOException, UnusableTableException {
    switch (name) {
      case "metadata" -> object(this::metadata);
      case "base_types" -> object(this::baseType);
      case "symbols" -> object(this::symbol);
      case "user_types" -> object(this::userType);
      default -> in.skipChildren();
    }
  }

  private void metadata(String name) throws IOException, UnusableTableException {
    switch (name) {
      case "windows" -> {
        system = name;
        object(this::windows);
      }
      case "linux", "mac" -> {
        system = name;
        in.skipChildren();
      }
      default -> in.skipChildren();
    }
  }

  private void windows(String name) throws IOException, UnusableTableException {
    switch (name) {
      case "pdb" -> object(this::pdb);
      case "pe" -> object(this::pe);
      default -> in.skipChildren();
    }
  }

  private void pdb(String name) throws IOException {
    switch (name) {
      case "database" -> database = text();
      case "GUID" -> guid = text();
      case "age" -> age = number();
      case "machine_type" -> machine = number();
      default -> in.skipChildren();
    }
  }

  private void pe(String name) throws IOException {
    switch (name) {
      case "major" -> version[0] = number();
      case "minor" -> version[1] = number();
      case "build" -> version[2] = number();
      case "revision" -> version[3] = number();
      default -> in.skipChildren();
    }
  }

  private void baseType(String name) throws IOException, UnusableTableException {
    if (name.equals("pointer")) {
      object(
          member -> {
            if (member.equals("size")) {
              pointerSize = number();
            } else {
              in.skipChildren();
            }
          });
    } else {
      in.skipChildren();
    }
  }

  private void symbol(String name) throws IOException, UnusableTableException {
    allSymbols++;
    if (!wanted.contains(name)) {
      in.skipChildren();
      return;
    }
    object(
        member -> {
          if (member.equals("address")) {
            symbols.put(name, number());
          } else {
            in.skipChildren();
          }
        });
  }

  private void userType(String name) throws IOException, UnusableTableException {
    if (types.size() == MAX_TYPES) {
      throw new UnusableTableException("has more than %d types".formatted(MAX_TYPES));
    }
    Map<String, Isf.Field> found = new HashMap<>();
    long[] size = {-1};
    object(
        member -> {
          switch (member) {
            case "size" -> size[0] = number();
            case "fields" -> object(field -> found.put(field, field()));
            default -> in.skipChildren();
          }
        });
    types.put(name, new Isf.Type(size[0], found));
  }

  private Isf.Field field() throws IOException, UnusableTableException {
    if (++fields > MAX_FIELDS) {
      throw new UnusableTableException("has more than %d fields".formatted(MAX_FIELDS));
    }
    long[] places = {-1, 0, 0};
    String[] type = {""};
    object(
        member -> {
          switch (member) {
            case "offset" -> places[0] = number();
            case "type" -> object(part -> fieldType(part, places, type));
            default -> in.skipChildren();
          }
        });
    return new Isf.Field(places[0], type[0], places[1], places[2]);
  }

  private void fieldType(String name, long[] places, String[] type) throws IOException {
    switch (name) {
      case "name" -> type[0] = text();
      case "bit_position" -> places[1] = number();
      case "bit_length" -> places[2] = number();
      default -> in.skipChildren();
    }
  }

  /** A whole number; -1 for anything else. */
  private long number() throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NUMBER_INT
        && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return in.getLongValue();
    }
    in.skipChildren();
    return -1;
  }

  private String text() throws IOException {
    if (in.currentToken() == JsonToken.VALUE_STRING) {
      String text = in.getText();
      return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
    }
    in.skipChildren();
    return "";
  }
}
