package io.ramtide.scanner.windows.guest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.scanner.symbols.StructType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * A data file of facts that no symbol table holds, beside the class that needs them. Each fact
 * names the builds it is true of (firstBuild, lastBuild) and its source; numbers are hex strings.
 */
public final class FactFile {
  private final JsonNode json;

  private FactFile(JsonNode json) {
    this.json = json;
  }

  /**
   * @param owner class whose package the file is in
   * @throws IllegalStateException if the scanner's jar lacks it
   */
  public static FactFile read(Class<?> owner, String name) {
    try (InputStream in = owner.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the scanner's jar lacks its data file " + name);
      }
      return new FactFile(new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException("the scanner's data file " + name + " cannot be read", e);
    }
  }

  /** Build by which a guest's facts are chosen. */
  public static int build(Guest guest) {
    return guest.kernel().build().orElse(guest.layout().firstBuild());
  }

  /** The whole file. */
  public JsonNode json() {
    return json;
  }

  /** The facts of one list of the file that are true of a build. */
  public List<JsonNode> facts(String list, int build) {
    return StreamSupport.stream(json.path(list).spliterator(), false)
        .filter(fact -> fact.path("firstBuild").asInt() <= build)
        .filter(fact -> build <= fact.path("lastBuild").asInt())
        .toList();
  }

  /** The structure of that name, from the list "types"; empty if it is not known of a build. */
  public Optional<StructType> type(String name, int build) {
    return types(name, build).stream().findFirst();
  }

  /** Each structure of that name in the list "types" that may be a build's, in their order. */
  public List<StructType> types(String name, int build) {
    return facts("types", build).stream()
        .filter(type -> type.path("name").asText().equals(name))
        .map(FactFile::type)
        .toList();
  }

  private static StructType type(JsonNode type) {
    Map<String, StructType.Field> fields = new HashMap<>();
    type.path("fields")
        .properties()
        .forEach(
            field ->
                fields.put(
                    field.getKey(), new StructType.Field((int) number(field.getValue()), 0, 0)));
    return new StructType(type.path("name").asText(), (int) number(type.path("size")), fields);
  }

  /** The number that a hex string of the file is. */
  public static long number(JsonNode hex) {
    return Long.decode(hex.asText());
  }
}
