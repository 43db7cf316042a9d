package io.ramtide.scanner.windows.vad;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** What is known of VADs beyond their structures: {@code vad.json}, with its sources. */
record VadFacts(
    List<String> protections,
    List<String> types,
    Set<String> shortTags,
    Set<String> longTags,
    int fileObjectType,
    List<byte[]> codeStarts) {

  private static final class Holder {
    private static final VadFacts SHIPPED = load();
  }

  static VadFacts shipped() {
    return Holder.SHIPPED;
  }

  private static VadFacts load() {
    try (InputStream in = VadFacts.class.getResourceAsStream("vad.json")) {
      if (in == null) {
        throw new IllegalStateException("the scanner's jar lacks its data file vad.json");
      }
      JsonNode json = new ObjectMapper().readTree(in);
      List<byte[]> starts = new ArrayList<>();
      json.path("codeStarts")
          .forEach(start -> starts.add(HexFormat.of().parseHex(start.path("bytes").asText())));
      return new VadFacts(
          texts(json.path("protections")),
          texts(json.path("types")),
          new HashSet<>(texts(json.path("shortTags"))),
          new HashSet<>(texts(json.path("longTags"))),
          json.path("fileObjectType").asInt(),
          List.copyOf(starts));
    } catch (IOException e) {
      throw new UncheckedIOException("the data file vad.json cannot be read", e);
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return List.copyOf(texts);
  }

  /** Whether a node's pool tag, which may be null, says MMVAD_SHORT or MMVAD. */
  boolean isTag(String tag) {
    return shortTags.contains(tag) || longTags.contains(tag);
  }

  String protection(int index) {
    return index < protections.size() ? protections.get(index) : Integer.toString(index);
  }

  String type(int index) {
    return index < types.size() ? types.get(index) : Integer.toString(index);
  }

  /** Whether code often begins so. */
  boolean isCodeStart(byte[] bytes, int length) {
    for (byte[] start : codeStarts) {
      if (start.length <= length && Arrays.equals(start, 0, start.length, bytes, 0, start.length)) {
        return true;
      }
    }
    return false;
  }
}
