package io.ramtide.cli.hive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ramtide.scanner.windows.hive.regf.RegfFile;
import io.ramtide.schemas.HiveFinding;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One hive that was written.
 *
 * @param path of its root key
 * @param build of Windows
 * @param sha256 of the file, hex
 */
public record ExportedHive(
    String path,
    HiveFinding finding,
    int build,
    Path file,
    RegfFile.Written written,
    String sha256) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  /** Whether the file has everything that a file of the hive would have. */
  public boolean isWhole() {
    return written.replaced().isEmpty() && !written.isBaseRebuilt();
  }

  /** Bytes of the volatile storage, which a file does not have. */
  public long volatileBytes() {
    return finding.getVolatileLength() == null ? 0 : finding.getVolatileLength();
  }

  /**
   * Everything that is known of it, as one JSON object.
   *
   * @param source the dump
   */
  public Map<String, Object> describe(Path source) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", "hiveExport");
    json.put("hive", path);
    json.put("hiveFile", finding.getFileName());
    json.put("file", file.toString());
    json.put("bytes", written.bytes());
    json.put("sha256", sha256);
    json.put("source", source.toString());
    json.put("build", build);
    json.put("objectVa", "0x%x".formatted(finding.getObjectVa()));
    json.put("seenBy", finding.getSeenBy().stream().map(Enum::name).toList());
    json.put("rootCell", finding.getRootCell());
    json.put("sequence1", finding.getSequence1());
    json.put("sequence2", finding.getSequence2());
    json.put("baseBlockRebuilt", written.isBaseRebuilt());
    json.put("volatileBytesLeftOut", volatileBytes());
    json.put("replacedBytes", written.replacedBytes());
    json.put("replaced", ranges());
    json.put("replacedRangesLeftOut", written.rangesLeftOut());
    return json;
  }

  private List<Map<String, Object>> ranges() {
    return written.replaced().stream()
        .map(
            range -> {
              Map<String, Object> json = new LinkedHashMap<>();
              json.put("offset", range.offset());
              json.put("length", range.length());
              json.put("why", range.why());
              return json;
            })
        .toList();
  }

  /** The same as lines of text, ASCII. */
  String text(Path source) {
    return write(JSON.writerWithDefaultPrettyPrinter(), source) + "\n";
  }

  /** The same as one line, ASCII. */
  public String line(Path source) {
    return write(JSON.writer(), source);
  }

  private String write(ObjectWriter writer, Path source) {
    try {
      return writer.writeValueAsString(describe(source));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a description of texts and numbers", e);
    }
  }

  /** Why bytes were replaced, each reason once. */
  public Stream<String> reasons() {
    return written.replaced().stream().map(range -> range.why()).distinct();
  }
}
