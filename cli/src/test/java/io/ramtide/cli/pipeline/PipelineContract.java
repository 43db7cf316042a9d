package io.ramtide.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.cli.Output;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.TopicsAdmin;
import io.ramtide.cli.system.Cluster;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.Finding;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.Topics;
import io.ramtide.testkit.IncidentScenario;
import io.ramtide.testkit.NotWindows;
import io.ramtide.testkit.ProcessTruth;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps through acquirer, scanner and correlator, on any real broker. */
abstract class PipelineContract {
  /** Attachment opened, PowerShell dropped a program, it hides, Word is closed. */
  private static final Set<Integer> CAPTURED = Set.of(3, 6, 8, 9);

  /** One instance for all tests: the broker lets the next command of it in at once. */
  @TempDir static Path data;

  @TempDir Path folder;
  private final List<IncidentScenario.Step> steps = new ArrayList<>();
  private final List<String> files = new ArrayList<>();

  abstract BrokerLink broker();

  @BeforeEach
  void createTopics() {
    new TopicsAdmin(broker()).create((short) 1);
  }

  private void writeIncident() throws IOException {
    for (IncidentScenario.Step step : new IncidentScenario(1)) {
      if (CAPTURED.contains(step.number())) {
        Path file = folder.resolve(step.number() + ".raw");
        step.ram().writeRaw(file);
        steps.add(step);
        files.add(file.toString());
      }
    }
  }

  private List<String> args(String command, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                command,
                "--bootstrap-servers",
                broker().bootstrapServers(),
                "--data",
                data.toString()));
    args.addAll(List.of(more));
    return args;
  }

  private static int run(Output output, List<String> args) {
    return output.run(args.toArray(String[]::new));
  }

  @Test
  void replay_tellsTheIncidentAsItWas_andTheSameAgain() throws Exception {
    writeIncident();
    String domain = UUID.randomUUID().toString();
    List<String> args = args("replay", "--domain", domain, "--format", "json");
    args.addAll(files);

    Output first = new Output();
    assertThat(run(first, args)).as(first.err()).isZero();

    List<JsonNode> timeline = parse(first);
    assertThat(timeline).allMatch(node -> node.get("domain").asText().equals(domain));
    assertThat(captures(timeline)).containsExactly(1L, 2L, 3L, 4L);
    for (int i = 0; i < steps.size(); i++) {
      assertThat(runningAfter(timeline, i + 1))
          .as("processes running in capture %d", i + 1)
          .isEqualTo(running(steps.get(i)));
    }
    assertThat(anomalies(timeline)).isEqualTo(hidden());
    assertThatFindingsAreWhole(domain);

    Output again = new Output();
    assertThat(run(again, args)).as(again.err()).isZero();
    assertThat(again.lines()).isEqualTo(first.lines());
  }

  /** Every capture's findings end with the Summary that counts them, kind by kind. */
  private void assertThatFindingsAreWhole(String domain) throws Exception {
    FindingCodec codec = new FindingCodec();
    Map<FindingKind, Integer> counts = new EnumMap<>(FindingKind.class);
    int summaries = 0;
    for (ConsumerRecord<byte[], byte[]> record :
        new Cluster(broker().bootstrapServers()).records(Topics.FINDINGS)) {
      Finding finding = codec.decode(record.value());
      if (!finding.domain().equals(domain)) {
        continue;
      }
      if (!(finding.body() instanceof Summary summary)) {
        counts.merge(finding.kind(), 1, Integer::sum);
        continue;
      }
      assertThat(finding.capture()).isEqualTo(++summaries);
      assertThat(summary.getFindings())
          .isEqualTo(counts.values().stream().mapToInt(Integer::intValue).sum());
      assertThat(counts.get(FindingKind.system)).isEqualTo(1);
      assertThat(counts)
          .as("several kinds, each a record type of its own")
          .containsKeys(
              FindingKind.process, FindingKind.thread, FindingKind.hive, FindingKind.endpoint);
      for (Coverage kind : summary.getCoverage()) {
        What what = What.valueOf(kind.getKind());
        int told =
            counts.entrySet().stream()
                .filter(count -> what.tells(count.getKey()))
                .mapToInt(Map.Entry::getValue)
                .sum();
        assertThat(told).as(kind.getKind()).isEqualTo(kind.getCount());
      }
      counts.clear();
    }
    assertThat(summaries).isEqualTo(steps.size());
  }

  @Test
  void replay_ofARamWithoutWindows_saysSoAndIs5() throws Exception {
    Path file = folder.resolve("linux.raw");
    NotWindows.linux(5).writeRaw(file);
    Output output = new Output();
    assertThat(run(output, args("replay", file.toString()))).isEqualTo(5);
    assertThat(output.out()).contains("no x64 Windows kernel found");
  }

  private static List<JsonNode> parse(Output output) throws Exception {
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : output.lines()) {
      nodes.add(new ObjectMapper().readTree(line));
    }
    return nodes;
  }

  private static List<Long> captures(List<JsonNode> timeline) {
    return timeline.stream()
        .filter(node -> node.get("kind").asText().equals("capture"))
        .map(node -> node.get("capture").asLong())
        .toList();
  }

  /** The timeline, played up to a capture. */
  private static Set<String> runningAfter(List<JsonNode> timeline, long capture) {
    Set<String> running = new HashSet<>();
    for (JsonNode node : timeline) {
      if (node.get("kind").asText().equals("processEvent")
          && node.get("capture").asLong() <= capture) {
        String process = node.get("pid").asLong() + " " + node.get("imageName").asText();
        boolean ended =
            !node.get("exitTime").isNull() || node.get("type").asText().equals("disappeared");
        if (ended) {
          running.remove(process);
        } else {
          running.add(process);
        }
      }
    }
    return running;
  }

  private static Set<String> running(IncidentScenario.Step step) {
    return step.truth().processes().stream()
        .filter(process -> !process.freed() && process.exitTime() == 0)
        .map(process -> process.pid() + " " + process.imageName())
        .collect(Collectors.toSet());
  }

  private static List<String> anomalies(List<JsonNode> timeline) {
    return timeline.stream()
        .filter(node -> node.get("kind").asText().equals("anomaly"))
        .map(
            node ->
                "%d %d %s"
                    .formatted(
                        node.get("capture").asLong(),
                        node.get("pid").asLong(),
                        node.get("technique").asText()))
        .toList();
  }

  /** Each hidden process, in the capture that shows it hidden for the first time. */
  private List<String> hidden() {
    List<String> hidden = new ArrayList<>();
    Set<Integer> known = new HashSet<>();
    for (int i = 0; i < steps.size(); i++) {
      for (ProcessTruth process : steps.get(i).truth().processes()) {
        if (process.hidden() && known.add(process.pid())) {
          hidden.add("%d %d T1014".formatted(i + 1, process.pid()));
        }
      }
    }
    assertThat(hidden).isNotEmpty();
    return hidden;
  }
}
