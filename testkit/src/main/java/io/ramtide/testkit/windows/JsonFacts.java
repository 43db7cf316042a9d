package io.ramtide.testkit.windows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A data file beside this class. Numbers are hexadecimal strings or plain decimals. A file that
 * {@code extends} another one beside it has all that the other has and it does not say itself.
 */
public final class JsonFacts {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String name;
  private final JsonNode root;

  private JsonFacts(String name, JsonNode root) {
    this.name = name;
    this.root = root;
  }

  /** Loads a file by its path beside this class. */
  public static JsonFacts load(String name) {
    ObjectNode root = read(name);
    if (root.has("extends")) {
      String folder = name.substring(0, name.lastIndexOf('/') + 1);
      ObjectNode all = (ObjectNode) load(folder + root.get("extends").asText() + ".json").root;
      all.setAll(root);
      root = all;
    }
    return new JsonFacts(name, root);
  }

  private static ObjectNode read(String name) {
    try (InputStream in = JsonFacts.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("there is no data file " + name);
      }
      return (ObjectNode) MAPPER.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException("data file " + name + " cannot be read", e);
    }
  }

  /** The node at a JSON pointer, which must exist. */
  public JsonNode at(String pointer) {
    JsonNode node = root.at(pointer);
    if (node.isMissingNode()) {
      throw new IllegalStateException("data file " + name + " has no " + pointer);
    }
    return node;
  }

  public boolean has(String pointer) {
    return !root.at(pointer).isMissingNode() && !root.at(pointer).isNull();
  }

  /** The texts of an array, in its order. */
  public List<String> texts(String pointer) {
    List<String> texts = new ArrayList<>();
    at(pointer).forEach(text -> texts.add(text.asText()));
    return texts;
  }

  public String text(String pointer) {
    return at(pointer).asText();
  }

  public boolean flag(String pointer) {
    return at(pointer).asBoolean();
  }

  public long number(String pointer) {
    return number(at(pointer));
  }

  public static long number(JsonNode node) {
    return node.isNumber()
        ? node.asLong()
        : Long.parseUnsignedLong(node.asText().substring("0x".length()), 16);
  }
}
