package io.ramtide.scanner.windows.scan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** How the dispatcher headers of threads begin, build by build: thread-headers.json. */
final class ThreadHeaders {
  private static final String FILE = "thread-headers.json";
  private static final List<Header> ALL = load();

  /** The first four bytes, read little-endian, from one build to another. */
  private record Header(int firstBuild, int lastBuild, int value) {}

  private ThreadHeaders() {}

  private static List<Header> load() {
    try (InputStream in = ThreadHeaders.class.getResourceAsStream(FILE)) {
      List<Header> headers = new ArrayList<>();
      for (JsonNode header : new ObjectMapper().readTree(in).path("headers")) {
        headers.add(
            new Header(
                header.path("firstBuild").asInt(),
                header.path("lastBuild").asInt(),
                Integer.decode(header.path("header").asText())));
      }
      return List.copyOf(headers);
    } catch (IOException e) {
      throw new UncheckedIOException("the scanner's data file " + FILE + " cannot be read", e);
    }
  }

  /** Of every build. */
  static List<Integer> all() {
    return ALL.stream().map(Header::value).distinct().toList();
  }

  static List<Integer> of(int build) {
    return ALL.stream()
        .filter(header -> header.firstBuild() <= build && build <= header.lastBuild())
        .map(Header::value)
        .toList();
  }
}
