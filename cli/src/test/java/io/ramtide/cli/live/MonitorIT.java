package io.ramtide.cli.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramtide.cli.Output;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import io.ramtide.cli.broker.TopicsAdmin;
import io.ramtide.cli.data.DataFolder;
import io.ramtide.cli.live.SimulatedCaptures.Guest;
import io.ramtide.cli.options.RegistryOptions;
import io.ramtide.cli.render.timeline.TimelineJson;
import io.ramtide.cli.render.timeline.TimelinePrinter;
import io.ramtide.cli.render.timeline.TimelineText;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.cli.term.Terminal;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.testkit.SimulatedGuest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What `ramtide monitor` prints of guests, and in the end of the last capture of each. */
class MonitorIT {
  private static final String KEY = "\\REGISTRY\\MACHINE\\SOFTWARE\\Acme";

  /** Up to the data of a value of more than 4 KiB. */
  private static final Pattern LARGE =
      Pattern.compile("(\\{\"kind\":\"registryValue\".*?\"length\":(?:[5-9]\\d{3}|\\d{5,}),).*");

  @TempDir static Path brokerFolder;
  @TempDir static Path data;

  private static EmbeddedBroker broker;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.open(brokerFolder);
    new TopicsAdmin(BrokerLink.to(broker)).create((short) 1);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private Guest guest(String name, long seed) throws IOException {
    SimulatedGuest guest = SimulatedGuest.windows10(seed).rootkit(false).boot();
    Path first = folder.resolve(name + "1.raw");
    guest.snapshot().writeRaw(first);
    guest.advance(Duration.ofSeconds(2));
    guest.registry().createKey(KEY);
    guest.registry().setText(KEY, "Name", name);
    guest.start(name + ".exe", 4);
    Path second = folder.resolve(name + "2.raw");
    guest.snapshot().writeRaw(second);
    return new Guest(UUID.randomUUID(), name, List.of(first, second));
  }

  private ExitCode monitor(Output output, boolean json, Set<What> wanted, List<Guest> guests) {
    Terminal terminal = output.terminal(false);
    TimelinePrinter printer = json ? new TimelineJson(terminal) : new TimelineText(terminal, true);
    GuestListing listing = new GuestListing(terminal, json, wanted, Set.of());
    try (Cleanup cleanup = new Cleanup()) {
      return new Monitor(terminal, printer, listing, cleanup)
          .run(
              new SimulatedCaptures(folder.resolve("key.pem"), guests),
              RegistryOptions.standard(),
              BrokerLink.to(broker),
              new DataFolder(data));
    }
  }

  @Test
  void listing_isWhatInspectPrintsOfTheLastCapture() throws Exception {
    Guest guest = guest("one", 5);
    Output monitored = new Output();
    assertThat(monitor(monitored, true, What.all(), List.of(guest))).isEqualTo(ExitCode.OK);
    Output inspected = new Output();
    assertThat(
            inspected.run(
                "inspect", "--what", "all", "--format", "json", guest.captures().get(1).toString()))
        .isZero();

    List<String> lines = monitored.lines();
    int heading =
        lines.indexOf(
            "{\"kind\":\"listing\",\"domain\":\"%s\",\"name\":\"one\",\"capture\":2}"
                .formatted(guest.domain()));
    assertThat(findings(lines.subList(heading + 1, lines.size())))
        .containsExactlyInAnyOrderElementsOf(findings(inspected.lines()));
    assertThat(lines.subList(0, heading))
        .anyMatch(line -> line.contains("\"kind\":\"processEvent\"") && line.contains("one.exe"))
        .anyMatch(line -> line.contains("\"kind\":\"registryEvent\"") && line.contains("Acme"));
    assertThat(lines.get(heading - 1)).startsWith("{\"kind\":\"capture\"");
  }

  /**
   * Without the last line, which has the times of the capture, and without the data of large
   * values, which the topic has the beginning of only.
   */
  private static List<String> findings(List<String> lines) {
    assertThat(lines.get(lines.size() - 1)).startsWith("{\"kind\":\"summary\"");
    return lines.subList(0, lines.size() - 1).stream()
        .map(line -> LARGE.matcher(line).replaceFirst("$1"))
        .toList();
  }

  @Test
  void severalGuests_areToldApart() throws Exception {
    Guest one = guest("red", 6);
    Guest other = guest("blue", 7);
    Output output = new Output();
    assertThat(monitor(output, false, Set.of(What.processes), List.of(one, other)))
        .isEqualTo(ExitCode.OK);
    assertThat(output.lines())
        .anyMatch(
            line ->
                line.startsWith(one.domain().toString().substring(0, 8))
                    && line.contains("red.exe"))
        .anyMatch(
            line ->
                line.startsWith(other.domain().toString().substring(0, 8))
                    && line.contains("blue.exe"))
        .contains("red (%s), capture 2".formatted(one.domain()))
        .contains("blue (%s), capture 2".formatted(other.domain()));
  }

  @Test
  void guestWithoutAnyCapture_failsWithTheReason() {
    Guest guest = new Guest(UUID.randomUUID(), "gone", List.of(folder.resolve("none.raw")));
    assertThatThrownBy(() -> monitor(new Output(), true, What.all(), List.of(guest)))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.UNREADABLE_INPUT))
        .hasMessageContaining("none.raw");
  }
}
