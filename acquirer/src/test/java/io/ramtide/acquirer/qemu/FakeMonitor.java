package io.ramtide.acquirer.qemu;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A monitor that gives the answers it was told; what it was not told is an error. */
final class FakeMonitor implements Monitor {
  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, JsonNode> answers = new HashMap<>();
  private final List<String> asked = new ArrayList<>();

  /** What a real QEMU 7.2 printed, from the test's resources. */
  static String captured(String name) {
    try (InputStream in = FakeMonitor.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FakeMonitor human(String line, String text) {
    texts.put(line, text);
    return this;
  }

  FakeMonitor answer(String command, String json) {
    try {
      answers.put(command, new ObjectMapper().readTree(json));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Every command and line, in order. */
  List<String> asked() {
    return asked;
  }

  @Override
  public JsonNode execute(String command, Map<String, ?> arguments) throws MonitorException {
    asked.add(command);
    JsonNode answer = answers.get(command);
    if (answer == null) {
      throw new MonitorException(command + ": DeviceNotActive", null);
    }
    return answer;
  }

  @Override
  public String human(String line) throws MonitorException {
    asked.add(line);
    String text = texts.get(line);
    if (text == null) {
      throw new MonitorException(line + ": not told", null);
    }
    return text;
  }
}
