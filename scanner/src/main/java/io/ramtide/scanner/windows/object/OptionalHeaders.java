package io.ramtide.scanner.windows.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.scanner.symbols.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * The headers that may precede an OBJECT_HEADER, by the bits of its InfoMask. Bits and their order
 * are those of optional-headers.json, sizes those of the layout.
 */
final class OptionalHeaders {
  private static final String FILE = "optional-headers.json";
  private static final int BITS = 8;
  private static final String PADDING = "OBJECT_HEADER_PADDING_INFO";

  private final String[] types = new String[BITS];
  private final int[] sizes = new int[BITS];

  private OptionalHeaders() {
    Arrays.fill(types, "");
  }

  static OptionalHeaders of(Layout layout) {
    OptionalHeaders headers = new OptionalHeaders();
    for (JsonNode header : json().path("headers")) {
      String type = header.path("type").asText();
      boolean serves =
          header.path("firstBuild").asInt() <= layout.firstBuild()
              && layout.firstBuild() <= header.path("lastBuild").asInt();
      if (serves && layout.has(type)) {
        headers.types[header.path("bit").asInt()] = type;
        headers.sizes[header.path("bit").asInt()] = layout.type(type).size();
      }
    }
    return headers;
  }

  private static JsonNode json() {
    try (InputStream in = OptionalHeaders.class.getResourceAsStream(FILE)) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException("the scanner's data file " + FILE + " cannot be read", e);
    }
  }

  /** How many bytes before the OBJECT_HEADER one of its headers begins; empty if it has none. */
  OptionalInt distance(int infoMask, String type) {
    int bit = Arrays.asList(types).indexOf(type);
    return bit >= 0 && (infoMask & 1 << bit) != 0
        ? OptionalInt.of(length(infoMask & (2 << bit) - 1))
        : OptionalInt.empty();
  }

  /** Bytes of all headers of a mask; where padding is among them, the least. */
  int length(int infoMask) {
    int length = 0;
    for (int bit = 0; bit < BITS; bit++) {
      length += (infoMask & 1 << bit) != 0 ? sizes[bit] : 0;
    }
    return length;
  }

  /** Whether a mask has only bits that this build knows. */
  boolean isKnown(int infoMask) {
    for (int bit = 0; bit < BITS; bit++) {
      if ((infoMask & 1 << bit) != 0 && sizes[bit] == 0) {
        return false;
      }
    }
    return true;
  }

  boolean isPadded(int infoMask) {
    return distance(infoMask, PADDING).isPresent();
  }
}
