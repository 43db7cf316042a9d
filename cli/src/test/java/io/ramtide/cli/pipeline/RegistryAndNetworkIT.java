package io.ramtide.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.cli.Output;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import io.ramtide.cli.broker.TopicsAdmin;
import io.ramtide.testkit.SimulatedGuest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captures that differ by known changes give exactly those events, through a real broker. */
class RegistryAndNetworkIT {
  private static final String SOFTWARE = "\\REGISTRY\\MACHINE\\SOFTWARE";
  private static final String RUN = "\\Microsoft\\Windows\\CurrentVersion\\Run";
  private static final String HERE = "10.20.30.40";

  @TempDir static Path brokerFolder;

  /** One instance for all tests: the broker lets the next command of it in at once. */
  @TempDir static Path data;

  private static EmbeddedBroker broker;

  @TempDir Path folder;
  private final SimulatedGuest guest = SimulatedGuest.windows10(5).rootkit(false).boot();
  private final List<String> files = new ArrayList<>();

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.open(brokerFolder);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @BeforeEach
  void createTopics() {
    new TopicsAdmin(BrokerLink.to(broker)).create((short) 1);
  }

  private void capture() throws Exception {
    Path file = folder.resolve(files.size() + ".raw");
    guest.snapshot().writeRaw(file);
    files.add(file.toString());
  }

  private List<JsonNode> replay(String... more) throws Exception {
    List<String> args =
        new ArrayList<>(
            List.of(
                "replay",
                "--bootstrap-servers",
                broker.bootstrapServers(),
                "--data",
                data.toString(),
                "--domain",
                UUID.randomUUID().toString(),
                "--format",
                "json"));
    args.addAll(List.of(more));
    args.addAll(files);
    Output output = new Output();
    assertThat(output.run(args.toArray(String[]::new))).as(output.err()).isZero();
    List<JsonNode> timeline = new ArrayList<>();
    for (String line : output.lines()) {
      timeline.add(new ObjectMapper().readTree(line));
    }
    return timeline;
  }

  /** Of one capture, e.g. "valueSet Run updchk "a" (was "b")". */
  private static List<String> registry(List<JsonNode> timeline, long capture) {
    return of("registryEvent", timeline, capture).stream()
        .map(
            event ->
                "%s %s\\%s %s = %s (was %s)"
                    .formatted(
                        event.get("type").asText(),
                        event.get("hive").asText(),
                        event.get("key").asText(),
                        event.get("valueName").asText(),
                        event.path("data").asText(),
                        event.path("oldData").asText()))
        .toList();
  }

  private static List<String> network(List<JsonNode> timeline, long capture) {
    return of("networkEvent", timeline, capture).stream()
        .map(
            event ->
                "%s %s:%d %s:%d %s %s"
                    .formatted(
                        event.get("type").asText(),
                        event.get("localAddress").asText(),
                        event.get("localPort").asInt(),
                        event.get("remoteAddress").asText(),
                        event.get("remotePort").asInt(),
                        event.get("state").asText(),
                        event.get("owner").asText()))
        .toList();
  }

  private static List<JsonNode> of(String kind, List<JsonNode> timeline, long capture) {
    return timeline.stream()
        .filter(node -> node.get("kind").asText().equals(kind))
        .filter(node -> node.get("capture").asLong() == capture)
        .toList();
  }

  private int explorer() {
    return guest.truth().processes().stream()
        .filter(process -> process.imageName().equals("explorer.exe"))
        .findFirst()
        .orElseThrow()
        .pid();
  }

  @Test
  void knownChanges_giveExactlyTheirEvents_andNoOthers() throws Exception {
    guest.registry().setText(SOFTWARE + RUN, "old", "C:\\old.exe");
    guest.advance(Duration.ofSeconds(10));
    capture();

    guest.advance(Duration.ofSeconds(10));
    guest.registry().setText(SOFTWARE + RUN, "old", "C:\\new.exe");
    guest.registry().createKey(SOFTWARE + "\\Acme");
    guest.registry().setNumber(SOFTWARE + "\\Acme", "Level", 7);
    int connection =
        guest.network().connect(explorer(), HERE, 50_001, "203.0.113.7", 443, "ESTABLISHED");
    guest.network().listen(explorer(), "TCP", "0.0.0.0", 4444);
    guest.advance(Duration.ofSeconds(10));
    capture();

    guest.advance(Duration.ofSeconds(10));
    guest.registry().deleteValue(SOFTWARE + RUN, "old");
    guest.registry().deleteKey(SOFTWARE + "\\Acme");
    guest.network().setState(connection, "CLOSE_WAIT");
    guest.unlink(explorer());
    guest.advance(Duration.ofSeconds(10));
    capture();

    guest.advance(Duration.ofSeconds(10));
    capture();

    List<JsonNode> timeline = replay();
    assertThat(registry(timeline, 2))
        .containsExactlyInAnyOrder(
            "valueSet " + SOFTWARE + RUN + " old = C:\\new.exe (was C:\\old.exe)",
            "keyCreated " + SOFTWARE + "\\Acme null =  (was )",
            "valueSet " + SOFTWARE + "\\Acme Level = 7 (was )");
    assertThat(network(timeline, 2))
        .containsExactlyInAnyOrder(
            "connectionOpened 10.20.30.40:50001 203.0.113.7:443 ESTABLISHED running",
            "listeningOpened 0.0.0.0:4444 null:0 LISTENING running");
    assertThat(registry(timeline, 3))
        .containsExactlyInAnyOrder(
            "valueDeleted " + SOFTWARE + RUN + " old =  (was C:\\new.exe)",
            "keyDeleted " + SOFTWARE + "\\Acme null =  (was )");
    assertThat(network(timeline, 3))
        .containsExactly(
            "connectionStateChanged 10.20.30.40:50001 203.0.113.7:443 CLOSE_WAIT hidden");
    assertThat(registry(timeline, 4)).isEmpty();
    assertThat(network(timeline, 4)).isEmpty();
    assertThat(of("capture", timeline, 4)).hasSize(1);
  }

  /** Where tcpip.sys's tables are known, what is found nowhere is not there. */
  @Test
  void connectionsThatAreGone_areClosed_andAHiveComesAndGoes() throws Exception {
    int browser = explorer();
    int kept = guest.network().connect(browser, HERE, 50_001, "203.0.113.7", 443, "ESTABLISHED");
    int lost = guest.network().connect(browser, HERE, 50_002, "203.0.113.8", 443, "ESTABLISHED");
    capture();
    guest.advance(Duration.ofSeconds(10));
    guest.network().close(lost);
    guest.registry().loadHive("\\REGISTRY\\USER\\Loaded", "\\??\\C:\\loaded.dat");
    guest.advance(Duration.ofSeconds(10));
    capture();
    guest.advance(Duration.ofSeconds(10));
    guest.registry().unloadHive("\\REGISTRY\\USER\\Loaded");
    guest.network().free(kept);
    guest.advance(Duration.ofSeconds(10));
    capture();

    List<JsonNode> timeline = replay();

    assertThat(network(timeline, 2))
        .containsExactly("connectionClosed 10.20.30.40:50002 203.0.113.8:443 ESTABLISHED running");
    assertThat(network(timeline, 3))
        .containsExactly("connectionClosed 10.20.30.40:50001 203.0.113.7:443 ESTABLISHED running");
    assertThat(of("registryEvent", timeline, 2))
        .extracting(event -> event.get("type").asText() + " " + event.get("hive").asText())
        .contains("hiveLoaded \\REGISTRY\\USER\\Loaded");
    assertThat(of("registryEvent", timeline, 3))
        .extracting(event -> event.get("type").asText() + " " + event.get("hive").asText())
        .contains("hiveUnloaded \\REGISTRY\\USER\\Loaded");
  }

  @Test
  void registryThatIsOnlyWatched_tellsOfTheWatchedKeys() throws Exception {
    guest.registry().createKey(SOFTWARE + "\\Acme");
    capture();
    guest.advance(Duration.ofSeconds(10));
    guest.registry().setText(SOFTWARE + RUN, "new", "C:\\new.exe");
    guest.registry().createKey(SOFTWARE + "\\Acme\\Watched");
    guest.registry().createKey(SOFTWARE + "\\Elsewhere");
    guest.advance(Duration.ofSeconds(10));
    capture();

    List<JsonNode> timeline =
        replay("--registry", "watched", "--watch", "HKLM\\SOFTWARE\\Acme\\**");

    assertThat(registry(timeline, 2))
        .containsExactlyInAnyOrder(
            "valueSet " + SOFTWARE + RUN + " new = C:\\new.exe (was )",
            "keyCreated " + SOFTWARE + "\\Acme\\Watched null =  (was )");
    assertThat(of("registryEvent", timeline, 2))
        .allMatch(event -> event.get("watched").asBoolean());
  }

  @Test
  void timelineOption_printsOnlyThose() throws Exception {
    capture();
    assertThat(replay("--timeline", "registry"))
        .extracting(node -> node.get("kind").asText())
        .containsOnly("capture"); // the first capture's registry is no change
    assertThat(replay("--timeline", "network,process"))
        .extracting(node -> node.get("kind").asText())
        .contains("networkEvent", "processEvent", "capture");
    assertThat(replay("--timeline", "process"))
        .extracting(node -> node.get("kind").asText())
        .doesNotContain("networkEvent");
  }
}
