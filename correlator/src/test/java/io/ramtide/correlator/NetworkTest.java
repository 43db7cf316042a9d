package io.ramtide.correlator;

import static io.ramtide.correlator.Samples.noon;
import static io.ramtide.correlator.Samples.process;
import static io.ramtide.correlator.Samples.unlinked;
import static io.ramtide.correlator.network.Sockets.connection;
import static io.ramtide.correlator.network.Sockets.listener;
import static io.ramtide.correlator.network.Sockets.timeWait;
import static io.ramtide.correlator.network.Sockets.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.correlator.intake.Limits;
import io.ramtide.correlator.network.Sockets;
import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.OwnerStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Topics;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints through the whole topology. */
class NetworkTest {
  @TempDir private Path state;
  @TempDir private Path otherState;
  private Harness harness;

  @BeforeEach
  void open() {
    harness = new Harness(state);
  }

  @AfterEach
  void close() {
    harness.close();
  }

  private static ProcessFinding.Builder evil() {
    return process(120, "evil.exe", noon(-100)).setImagePath("C:\\evil.exe");
  }

  private static EndpointFinding.Builder rpc() {
    return listener(1, 135, noon(-900))
        .setPid(4L)
        .setProcessName("System")
        .setOwnerVa(Sockets.processVa(4));
  }

  private static List<NetworkCapture> incident() {
    return List.of(
        new NetworkCapture(1, 0)
            .with(process(4, "System", noon(-1000)), evil())
            .with(rpc(), udp(2, 53, null))
            .with(connection(3, 49800, "SYN_SENT", noon(-1))),
        new NetworkCapture(2, 60)
            .with(process(4, "System", noon(-1000)), evil())
            .with(rpc(), listener(4, 4444, noon(30)))
            .with(connection(3, 49800, "ESTABLISHED", noon(-1)))
            .with(connection(5, 4444, "ESTABLISHED", noon(40))),
        new NetworkCapture(3, 120)
            .with(process(4, "System", noon(-1000)))
            .with(unlinked(120, "evil.exe", noon(-100)))
            .with(rpc(), listener(4, 4444, noon(30)))
            .with(timeWait(6, 49800, noon(110)))
            .with(connection(5, 4444, "CLOSE_WAIT", noon(40))),
        new NetworkCapture(4, 180).with(process(4, "System", noon(-1000))).with(rpc()));
  }

  private List<String> told(long capture) {
    return harness.networkEvents().stream()
        .filter(event -> event.getCapture() == capture)
        .map(
            event ->
                "%s %d %s->%s %s"
                    .formatted(
                        event.getType(),
                        event.getLocalPort(),
                        event.getOldState(),
                        event.getState(),
                        event.getOwner()))
        .toList();
  }

  @Test
  void knownChanges_giveExactlyTheirEvents() {
    incident().forEach(capture -> capture.sendTo(harness));

    assertThat(told(1))
        .containsExactly(
            "listeningOpened 53 null->null running",
            "listeningOpened 135 null->LISTENING running",
            "connectionOpened 49800 null->SYN_SENT running");
    assertThat(told(2))
        .containsExactly(
            "connectionStateChanged 49800 SYN_SENT->ESTABLISHED running",
            "listeningClosed 53 null->null running",
            "listeningOpened 4444 null->LISTENING running",
            "connectionOpened 4444 null->ESTABLISHED running");
    assertThat(told(3))
        .containsExactly(
            "connectionStateChanged 4444 ESTABLISHED->CLOSE_WAIT hidden",
            "connectionStateChanged 49800 ESTABLISHED->TIME_WAIT hidden");
    assertThat(told(4))
        .containsExactly(
            "listeningClosed 4444 null->LISTENING gone",
            "connectionClosed 4444 null->CLOSE_WAIT gone",
            "connectionClosed 49800 null->TIME_WAIT gone");
    assertThat(harness.rejected()).isEmpty();
    assertThat(harness.networkEvents())
        .filteredOn(event -> event.getPid() == 120)
        .hasSize(11)
        .allSatisfy(event -> assertThat(event.getImagePath()).isEqualTo("C:\\evil.exe"));
  }

  @Test
  void capture_endsTheNetworkTopic_withItsCounts() {
    incident().forEach(capture -> capture.sendTo(harness));

    assertThat(harness.captures()).extracting("networkEvents").containsExactly(3, 4, 2, 3);
    assertThat(harness.captures()).extracting("endpoints").containsExactly(3, 4, 4, 1);
    assertThat(harness.records(Topics.TIMELINE_NETWORK)).hasSize(12 + 4);
    assertThat(harness.records(Topics.TIMELINE_NETWORK).get(3).value())
        .isEqualTo(harness.records(Topics.TIMELINE_PROCESS).get(2).value());
    long documents =
        harness.siem().stream()
            .filter(document -> document.at("/event/dataset").asText().equals("ramtide.network"))
            .count();
    assertThat(documents).isEqualTo(12);
  }

  @Test
  void anyOrderOfFindings_givesTheSameBytes() {
    incident().forEach(capture -> capture.sendTo(harness));
    try (Harness other = new Harness(otherState)) {
      incident().forEach(capture -> capture.shuffled(7).sendTo(other));
      assertThat(everything(other)).hasSizeGreaterThan(24).isEqualTo(everything(harness));
    }
  }

  @Test
  void restartAfterEveryRecord_givesTheSameBytes() {
    incident().forEach(capture -> capture.sendTo(harness));
    try (Harness restarted = new Harness(otherState)) {
      for (NetworkCapture capture : incident()) {
        for (Runnable step : capture.steps(restarted)) {
          step.run();
          restarted.restart();
        }
      }
      assertThat(everything(restarted)).isEqualTo(everything(harness));
    }
  }

  private static List<String> everything(Harness harness) {
    return Stream.of(Topics.TIMELINE_NETWORK, Topics.SIEM, Topics.REJECTED)
        .flatMap(topic -> harness.records(topic).stream())
        .map(message -> HexFormat.of().formatHex(message.value()))
        .toList();
  }

  @Test
  void tooManyEndpoints_areBounded_andProveNoAbsence() {
    Limits limits = new Limits(16_384, 4_096, 1_000, 1 << 20, 32 << 20, 512 << 20);
    try (Harness small = new Harness(otherState, limits)) {
      new NetworkCapture(1, 0).with(listener(0, 4444, noon(-1))).sendTo(small);
      EndpointFinding.Builder[] many =
          IntStream.rangeClosed(1, 3_000)
              .mapToObj(i -> connection(i, i, "ESTABLISHED", noon(30)))
              .toArray(EndpointFinding.Builder[]::new);
      new NetworkCapture(2, 60).with(many).sendTo(small);

      assertThat(small.networkEvents()).hasSize(1 + 1_000);
      assertThat(small.networkEvents())
          .noneMatch(event -> event.getLocalPort() == 4444 && event.getCapture() == 2);
      assertThat(small.captures().get(1).getDetail())
          .isEqualTo("only 1000 of 3000 endpoints were correlated");
      assertThat(small.captures().get(1).getEndpoints()).isEqualTo(1_000);
    }
  }

  @Test
  void liveCaptureWithABrokenProcessList_closesNothing() {
    new NetworkCapture(1, 0).with(listener(0, 4444, noon(-1))).sendTo(harness);
    new NetworkCapture(2, 60).smeared().sendTo(harness);
    assertThat(harness.networkEvents()).hasSize(1);

    new NetworkCapture(3, 120).sendTo(harness);
    assertThat(harness.networkEvents()).hasSize(2);
  }

  @Test
  void captureOlderThanEndpoints_opensThemWhenTheyAreFirstLookedFor() {
    harness.capture(1, 0, evil());
    new NetworkCapture(2, 60).with(evil()).with(listener(1, 135, noon(-50))).sendTo(harness);

    assertThat(told(2)).containsExactly("listeningOpened 135 null->LISTENING running");
    assertThat(harness.networkEvents().get(0).getTime()).isEqualTo(noon(-50));
  }

  @Test
  void times_addresses_andNames_thatCannotBe_areUnknown() {
    new NetworkCapture(1, 0)
        .with(
            connection(1, 49800, "ESTABLISHED", Long.MAX_VALUE)
                .setRemoteAddress("evil.example.com")
                .setProcessName("a\u202eb"))
        .sendTo(harness);

    NetworkEvent event = harness.networkEvents().get(0);
    assertThat(event.getCreateTime()).isNull();
    assertThat(event.getRemoteAddress()).isNull();
    assertThat(event.getProcessName()).isEqualTo("a\ufffdb");
    assertThat(event.getOwner()).isEqualTo(OwnerStatus.gone);
  }
}
