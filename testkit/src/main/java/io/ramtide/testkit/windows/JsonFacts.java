package io.ramtide.testkit.windows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A data file beside this class. Numbers are hexadecimal strings or plain decimals. */
final class JsonFacts {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String name;
  private final JsonNode root;

  private JsonFacts(String name, JsonNode root) {
    this.name = name;
    this.root = root;
  }

  static JsonFacts load(String name) {
    try (InputStream in = JsonFacts.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("there is no data file " + name);
      }
      return new JsonFacts(name, MAPPER.readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException("data file " + name + " cannot be read", e);
    }
  }

  /** The node at a JSON pointer, which must exist. */
  JsonNode at(String pointer) {
    JsonNode node = root.at(pointer);
    if (node.isMissingNode()) {
      throw new IllegalStateException("data file " + name + " has no " + pointer);
    }
    return node;
  }

  boolean has(String pointer) {
    return !root.at(pointer).isMissingNode() && !root.at(pointer).isNull();
  }

  String text(String pointer) {
    return at(pointer).asText();
  }

  boolean flag(String pointer) {
    return at(pointer).asBoolean();
  }

  long number(String pointer) {
    return number(at(pointer));
  }

  static long number(JsonNode node) {
    return node.isNumber()
        ? node.asLong()
        : Long.parseUnsignedLong(node.asText().substring("0x".length()), 16);
  }
}
