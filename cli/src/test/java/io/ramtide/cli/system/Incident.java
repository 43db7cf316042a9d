package io.ramtide.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.schemas.FileTime;
import io.ramtide.testkit.IncidentScenario;
import io.ramtide.testkit.ProcessTruth;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Three captures of the simulated incident as dump files, each of another format. The one with the
 * hidden process is no LiME dump: of a live guest the correlator wants to see that twice.
 */
record Incident(List<IncidentScenario.Step> steps, List<Path> files) {
  /** Attachment opened; PowerShell dropped a program; it hides. */
  private static final Set<Integer> CAPTURED = Set.of(3, 6, 8);

  static Incident write(Path folder) throws IOException {
    List<IncidentScenario.Step> steps = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    for (IncidentScenario.Step step : new IncidentScenario(1)) {
      if (CAPTURED.contains(step.number())) {
        steps.add(step);
        files.add(write(step, folder, files.size()));
      }
    }
    return new Incident(List.copyOf(steps), List.copyOf(files));
  }

  private static Path write(IncidentScenario.Step step, Path folder, int index) throws IOException {
    String[] suffixes = {"raw", "lime", "elf"};
    Path file = folder.resolve("%d.%s".formatted(index + 1, suffixes[index]));
    switch (index) {
      case 0 -> step.ram().writeRaw(file);
      case 1 -> step.ram().writeLime(file);
      default -> step.ram().writeElfCore(file, step.truth().directoryTableBase());
    }
    return file;
  }

  List<String> names() {
    return files.stream().map(Path::toString).toList();
  }

  /** Checks a timeline against what is in the guests' RAM. */
  void assertToldBy(Timeline timeline) throws IOException {
    ObjectMapper json = new ObjectMapper();
    Map<String, String> known = new TreeMap<>();
    int captures = 0;
    for (String line : timeline.events()) {
      JsonNode event = json.readTree(line);
      if (event.get("kind").asText().equals("capture")) {
        assertThat(event.get("capture").asInt()).isEqualTo(captures + 1);
        assertThat(event.get("status").asText()).isEqualTo("decoded");
        assertThat(known)
            .as("processes after capture %d", captures + 1)
            .isEqualTo(truth(steps.get(captures)));
        captures++;
      } else if (event.get("type").asText().equals("disappeared")) {
        known.remove(identity(event));
      } else {
        known.put(identity(event), details(event));
      }
      known.values().removeIf(details -> !details.endsWith(" null"));
    }
    assertThat(captures).isEqualTo(steps.size());
    assertThat(timeline.events()).doesNotHaveDuplicates();
    List<String> alarms = new ArrayList<>();
    for (String line : timeline.anomalies()) {
      JsonNode anomaly = json.readTree(line);
      alarms.add(
          "%s %s %s"
              .formatted(anomaly.get("capture"), anomaly.get("pid"), anomaly.get("technique")));
    }
    assertThat(alarms).isEqualTo(hidden());
  }

  private static String identity(JsonNode event) {
    return event.get("pid").asLong() + " " + event.get("createTime").asText();
  }

  private static String details(JsonNode event) {
    return "%d %s %s %s"
        .formatted(
            event.get("parentPid").asLong(),
            event.get("imageName").asText(),
            event.get("evidence").get("objectGpa").asText(),
            event.get("exitTime").asText());
  }

  /** What runs. */
  private static Map<String, String> truth(IncidentScenario.Step step) {
    Map<String, String> truth = new TreeMap<>();
    for (ProcessTruth process : step.truth().processes()) {
      if (!process.freed() && process.exitTime() == 0) {
        truth.put(
            process.pid() + " " + FileTime.format(process.createTime()),
            "%d %s %#x null"
                .formatted(process.parentPid(), process.imageName(), process.objectGpa()));
      }
    }
    return truth;
  }

  private List<String> hidden() {
    List<String> hidden = new ArrayList<>();
    Set<Integer> known = new HashSet<>();
    for (int i = 0; i < steps.size(); i++) {
      for (ProcessTruth process : steps.get(i).truth().processes()) {
        if (process.hidden() && known.add(process.pid())) {
          hidden.add("%d %d \"T1014\"".formatted(i + 1, process.pid()));
        }
      }
    }
    assertThat(hidden).isNotEmpty();
    return hidden;
  }
}
