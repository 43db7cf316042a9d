package io.ramtide.scanner.windows.scan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The tag that one kind of thing has in the pool. Facts and their source: pool-tags.json.
 *
 * @param kind e.g. "file"
 * @param name the four characters
 * @param isProtected whether its top bit is set before {@code firstPlainBuild}
 * @param objectType name of the object type; empty if the block holds no object of the object
 *     manager, but the structure itself
 * @param structure name in the layouts; empty if these do not have it
 * @param bytes that a block has at least, where the structure is not in the layouts
 * @param upTo last field that must fit the block; empty: all of the structure must
 */
public record PoolTag(
    String kind,
    String name,
    boolean isProtected,
    int firstPlainBuild,
    Optional<String> objectType,
    String structure,
    OptionalInt bytes,
    Optional<String> upTo) {
  private static final String FILE = "pool-tags.json";
  private static final int PROTECTED = 1 << 31;

  private static final class Holder {
    private static final List<PoolTag> ALL = load();
  }

  /** Every tag that is looked for. */
  public static List<PoolTag> all() {
    return Holder.ALL;
  }

  /**
   * The tag of a kind.
   *
   * @throws IllegalArgumentException if the data file has none
   */
  public static PoolTag of(String kind) {
    return all().stream()
        .filter(tag -> tag.kind().equals(kind))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no pool tag of kind " + kind));
  }

  private static List<PoolTag> load() {
    List<PoolTag> tags = new ArrayList<>();
    try (InputStream in = PoolTag.class.getResourceAsStream(FILE)) {
      JsonNode json = new ObjectMapper().readTree(in);
      for (JsonNode tag : json.path("tags")) {
        tags.add(
            new PoolTag(
                tag.path("kind").asText(),
                tag.path("tag").asText(),
                tag.path("protected").asBoolean(),
                json.path("firstPlainBuild").asInt(),
                Optional.ofNullable(tag.path("objectType").textValue()),
                tag.path("structure").asText(),
                tag.has("bytes")
                    ? OptionalInt.of(Integer.decode(tag.path("bytes").asText()))
                    : OptionalInt.empty(),
                Optional.ofNullable(tag.path("upTo").textValue())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the scanner's data file " + FILE + " cannot be read", e);
    }
    return List.copyOf(tags);
  }

  /** The four bytes as a build has them, read little-endian. */
  public int value(int build) {
    return isProtected && build < firstPlainBuild ? plain() | PROTECTED : plain();
  }

  /** The four bytes as any build has them. */
  List<Integer> values() {
    return isProtected ? List.of(plain(), plain() | PROTECTED) : List.of(plain());
  }

  private int plain() {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | bytes[3] << 24;
  }
}
