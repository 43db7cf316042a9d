package io.ramtide.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.ramtide.cli.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The services of docker-compose.yml as processes. Command lines and the broker's settings are read
 * from that file; only what a container gives is put in its place: the broker's address and the
 * mounted folders.
 */
class RolesIT {
  private static final Path COMPOSE = Path.of("../docker-compose.yml");
  private static final String KAFKA = "KAFKA_";

  @TempDir Path folder;
  private JsonNode services;
  private String brokerAddress;
  private Path dumps;
  private final List<Running> running = new ArrayList<>();

  @BeforeEach
  void read() throws IOException {
    services = new YAMLMapper().readTree(Files.readString(COMPOSE)).get("services");
    brokerAddress = "127.0.0.1:" + Ports.free();
    dumps = Files.createDirectory(folder.resolve("dumps"));
  }

  @Test
  void rolesOfTheComposeFile_tellTheIncident() throws Exception {
    Incident incident = Incident.write(dumps);
    try {
      startBroker();
      assertThat(service("topics").exitCode()).as(running.toString()).isZero();
      Running scanner = service("scanner").await("the scanner runs on");
      Running correlator = service("correlator").await("the correlator runs on");
      Running acquirer = service("acquirer");
      assertThat(acquirer.exitCode()).as(acquirer.toString()).isZero();
      String domain = word(acquirer, "ramtide: domain ");
      assertThat(UUID.fromString(domain).toString()).isEqualTo(domain);

      Timeline timeline = Timeline.await(new Cluster(brokerAddress), domain, 3);
      incident.assertToldBy(timeline);
      // The watch command that the file's first lines name.
      Processes.Result watch =
          Processes.run(
              "watch",
              "--bootstrap-servers",
              brokerAddress,
              "--from",
              "beginning",
              "-n",
              "--format",
              "json");
      assertThat(watch.exitCode()).as(watch.err()).isZero();
      assertThat(Timeline.ofLines(domain, watch.out().lines().toList())).isEqualTo(timeline);

      assertThat(scanner.terminate()).as(scanner.toString()).isEqualTo(143);
      assertThat(correlator.terminate()).as(correlator.toString()).isEqualTo(143);
    } finally {
      for (Running each : running) {
        each.close();
      }
    }
  }

  @Test
  void everyService_isOneThatTheTestStarts() {
    List<String> names = new ArrayList<>();
    services.fieldNames().forEachRemaining(names::add);
    assertThat(names).containsExactly("broker", "topics", "acquirer", "scanner", "correlator");
  }

  private void startBroker() throws Exception {
    Path settings = folder.resolve("server.properties");
    Files.write(settings, brokerSettings());
    Running format =
        started(
            Running.java(
                "kafka.tools.StorageTool",
                "format",
                "-t",
                "MkU3OEVBNTcwNTJENDM2Qk",
                "-c",
                settings.toString()));
    assertThat(format.exitCode()).as(format.toString()).isZero();
    started(Running.java("kafka.Kafka", settings.toString()));
    Cluster cluster = new Cluster(brokerAddress);
    try (var admin = cluster.admin()) {
      // As the file's health check: the services wait for an answer.
      assertThat(admin.describeCluster().nodes().get()).hasSize(1);
    }
  }

  /** KAFKA_NODE_ID is node.id, as the image of apache/kafka reads it. */
  private List<String> brokerSettings() throws IOException {
    int controller = Ports.free();
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry :
        services.get("broker").get("environment").properties()) {
      assertThat(entry.getKey()).startsWith(KAFKA);
      String name = entry.getKey().substring(KAFKA.length()).toLowerCase(Locale.ROOT);
      String value =
          entry
              .getValue()
              .asText()
              .replace("://:9092", "://" + brokerAddress)
              .replace("://:9093", "://127.0.0.1:" + controller)
              .replace("@broker:9093", "@127.0.0.1:" + controller)
              .replace("/var/lib/kafka/data", folder.resolve("kafka").toString());
      lines.add(name.replace('_', '.') + "=" + inPlace(value));
    }
    return lines;
  }

  /** A service's command, its volume for /data in a folder of its own. */
  private Running service(String name) throws IOException {
    List<String> command = new ArrayList<>();
    services.get(name).get("command").forEach(word -> command.add(inPlace(word.asText())));
    return started(
        Running.ramtide(Map.of("XDG_DATA_HOME", folder.resolve(name).toString()), command));
  }

  private String inPlace(String text) {
    return text.replace("broker:9092", brokerAddress).replace("/dumps", dumps.toString());
  }

  private Running started(Running process) {
    running.add(process);
    return process;
  }

  private static String word(Running process, String before) {
    return process.err().stream()
        .filter(line -> line.startsWith(before))
        .map(line -> line.substring(before.length()).strip())
        .findFirst()
        .orElseThrow();
  }
}
