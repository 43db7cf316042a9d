package io.ramtide.scanner.windows.scan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.scanner.signature.Signature;
import io.ramtide.scanner.symbols.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** What gives a thread away, build by build: its pool tag, and how its dispatcher header begins. */
final class ThreadTraces {
  private static final String FILE = "threads.json";
  private static final List<Trace> ALL = load();

  private record Trace(int firstBuild, int lastBuild, Signature signature) {}

  private ThreadTraces() {}

  private static List<Trace> load() {
    try (InputStream in = ThreadTraces.class.getResourceAsStream(FILE)) {
      JsonNode json = new ObjectMapper().readTree(in);
      List<Trace> traces = new ArrayList<>();
      json.path("tags").forEach(tag -> traces.add(trace(tag, "tag", Signature.Place.TAG)));
      json.path("headers").forEach(hdr -> traces.add(trace(hdr, "header", Signature.Place.START)));
      return List.copyOf(traces);
    } catch (IOException e) {
      throw new UncheckedIOException("the scanner's " + FILE + " cannot be read", e);
    }
  }

  private static Trace trace(JsonNode json, String field, Signature.Place place) {
    int value = Long.decode(json.path(field).asText()).intValue();
    String name = "thread " + field + " " + Integer.toHexString(value);
    return new Trace(
        json.path("firstBuild").asInt(),
        json.path("lastBuild").asInt(),
        new Signature(name, place, value));
  }

  /** Of every build. */
  static List<Signature> all() {
    return ALL.stream().map(Trace::signature).distinct().toList();
  }

  /** Of the builds that a layout serves. */
  static List<Signature> of(Layout layout, Signature.Place place) {
    return ALL.stream()
        .filter(trace -> trace.firstBuild() <= layout.firstBuild())
        .filter(trace -> trace.lastBuild() >= layout.firstBuild())
        .map(Trace::signature)
        .filter(signature -> signature.place() == place)
        .toList();
  }

  static boolean isHeader(Signature signature) {
    return signature.place() == Signature.Place.START
        && ALL.stream().anyMatch(trace -> trace.signature().equals(signature));
  }
}
