package io.ramtide.scanner.symbols.isf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.scanner.symbols.KnownKernel;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.StructType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;

/**
 * What no table says of its kernel: the builds of Windows that run it, what its layouts are called,
 * and how its processes are marked. From builds.json.
 */
final class Builds {
  /** Size bytes count dwords. */
  private static final int UNIT = 4;

  private static final int MAX_BYTE = 0xff;

  private final JsonNode json;

  private Builds(JsonNode json) {
    this.json = json;
  }

  static Builds read(InputStream builds) throws IOException {
    return new Builds(new ObjectMapper().readTree(builds));
  }

  /**
   * The head of a new layout.
   *
   * @param kernel the first kernel of it; its layout is not looked at
   * @param more whether the plain name is taken
   */
  Layout.Head head(KnownKernel kernel, Map<String, StructType> types, String source, boolean more) {
    int build = kernel.build();
    JsonNode release = release(build);
    return new Layout.Head(
        name(kernel, types, release, more),
        release.path("first").asInt(build),
        release.path("last").asInt(build),
        source,
        tag(types),
        headerSize(types));
  }

  private JsonNode release(int build) {
    for (JsonNode release : json.path("releases")) {
      if (release.path("first").asInt() <= build && build <= release.path("last").asInt()) {
        return release;
      }
    }
    return json.path("none");
  }

  private static String name(
      KnownKernel kernel, Map<String, StructType> types, JsonNode release, boolean more) {
    if (kernel.version().isEmpty()) {
      return "pdb-" + kernel.guid().substring(0, 12).toLowerCase(Locale.ROOT);
    }
    String product = release.path("name").asText("win");
    boolean bySize = release.path("namedBySize").asBoolean();
    String which =
        bySize ? Integer.toHexString(size(types, "EPROCESS")) : Integer.toString(kernel.build());
    String revision = kernel.version().substring(kernel.version().lastIndexOf('.') + 1);
    return product + "-" + which + (more ? "-" + revision : "");
  }

  /** By a type that came with the release that ended the marking of tags. */
  private int tag(Map<String, StructType> types) {
    JsonNode tag = json.path("processTag");
    boolean unmarked = types.containsKey(tag.path("unmarkedIfThereIs").asText());
    return (int) (long) Long.decode(tag.path(unmarked ? "unmarked" : "marked").asText());
  }

  /** The size in dwords, where a byte can hold it; later kernels leave the byte zero. */
  private static int headerSize(Map<String, StructType> types) {
    int dwords = size(types, "KPROCESS") / UNIT;
    return dwords > MAX_BYTE ? 0 : dwords;
  }

  private static int size(Map<String, StructType> types, String type) {
    return types.containsKey(type) ? types.get(type).size() : 0;
  }
}
