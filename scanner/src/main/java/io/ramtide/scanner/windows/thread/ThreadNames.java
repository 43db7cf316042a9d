package io.ramtide.scanner.windows.thread;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Names of the states of threads, and of what they wait for. */
final class ThreadNames {
  private static final String FILE = "threads.json";
  private static final List<String> STATES = new ArrayList<>();
  private static final List<String> WAIT_REASONS = new ArrayList<>();

  static {
    try (InputStream in = ThreadNames.class.getResourceAsStream(FILE)) {
      JsonNode json = new ObjectMapper().readTree(in);
      json.path("states").forEach(name -> STATES.add(name.asText()));
      json.path("waitReasons").forEach(name -> WAIT_REASONS.add(name.asText()));
    } catch (IOException e) {
      throw new UncheckedIOException("the scanner's " + FILE + " cannot be read", e);
    }
  }

  private ThreadNames() {}

  /** A state's name; the number itself where it is none of a thread. */
  static String state(int number) {
    return name(STATES, number);
  }

  static String waitReason(int number) {
    return name(WAIT_REASONS, number);
  }

  private static String name(List<String> names, int number) {
    return number < names.size() ? names.get(number) : Integer.toString(number);
  }
}
