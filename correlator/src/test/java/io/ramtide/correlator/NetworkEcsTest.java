package io.ramtide.correlator;

import static io.ramtide.correlator.Samples.DOMAIN;
import static io.ramtide.correlator.Samples.noon;
import static io.ramtide.correlator.Samples.process;
import static io.ramtide.correlator.Samples.unlinked;
import static io.ramtide.correlator.network.Sockets.connection;
import static io.ramtide.correlator.network.Sockets.listener;
import static io.ramtide.correlator.network.Sockets.timeWait;
import static io.ramtide.correlator.network.Sockets.udp;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.schemas.ProcessFinding;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkEcsTest {
  private static final String LONG_AGO = "2026-01-02T11:58:20.0000000Z";

  @TempDir private Path state;
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

  private NetworkCapture capture(long number) {
    return new NetworkCapture(number, (number - 1) * 60.0);
  }

  private List<JsonNode> documents() {
    return harness.siem().stream()
        .filter(document -> document.at("/event/dataset").asText().equals("ramtide.network"))
        .toList();
  }

  private JsonNode last() {
    return documents().get(documents().size() - 1);
  }

  private static void has(JsonNode document, String pointer, String value) {
    assertThat(document.at(pointer).asText()).as(pointer).isEqualTo(value);
  }

  private static void hasNot(JsonNode document, String pointer) {
    assertThat(document.at(pointer).isMissingNode()).as(pointer + " is absent").isTrue();
  }

  private static void isOfType(JsonNode document, String... types) {
    assertThat(document.at("/event/type")).extracting(JsonNode::asText).containsExactly(types);
  }

  @Test
  void connectionOpened_isAStartEvent() {
    capture(1).with(evil()).with(connection(1, 49800, "ESTABLISHED", noon(-9))).sendTo(harness);

    JsonNode document = last();
    has(document, "/@timestamp", "2026-01-02T11:59:51.0000000Z");
    has(
        document,
        "/message",
        "A TCP connection between 10.0.0.5:49800 and 203.0.113.7:443 of evil.exe (PID 120)"
            + " opened, now in ESTABLISHED");
    has(document, "/event/kind", "event");
    has(document, "/event/category/0", "network");
    isOfType(document, "connection", "start");
    has(document, "/event/action", "network-connection-opened");
    has(document, "/event/module", "ramtide");
    hasNot(document, "/event/start");
    assertThat(document.at("/event/id").asText()).matches("[0-9a-f]{32}");
    has(document, "/network/transport", "tcp");
    has(document, "/network/type", "ipv4");
    has(document, "/network/direction", "unknown");
    has(document, "/source/ip", "10.0.0.5");
    has(document, "/source/port", "49800");
    has(document, "/destination/ip", "203.0.113.7");
    assertThat(document.at("/destination/port").isIntegralNumber()).isTrue();
    has(document, "/destination/port", "443");
    has(document, "/process/pid", "120");
    has(document, "/process/name", "evil.exe");
    has(document, "/process/executable", "C:\\evil.exe");
    has(document, "/process/start", LONG_AGO);
    has(document, "/host/id", DOMAIN);
    has(document, "/host/os/kernel", "7601");
    has(document, "/ramtide/capture", "1");
    has(document, "/ramtide/evidence_capture", "1");
    has(document, "/ramtide/object_gpa", "0x20000400");
    has(document, "/ramtide/object_va", "0xffff8a0100000400");
    has(document, "/ramtide/seen_by/0", "poolScan");
    has(document, "/ramtide/network/state", "ESTABLISHED");
    hasNot(document, "/ramtide/network/old_state");
    has(document, "/ramtide/network/owner", "running");
    has(document, "/ramtide/network/create_time", "2026-01-02T11:59:51.0000000Z");
    has(document, "/tags/0", "ramtide");
  }

  @Test
  void process_isTheSameEntityAsInItsOwnEvents() {
    capture(1).with(evil()).with(listener(1, 4444, noon(-9))).sendTo(harness);

    assertThat(last().at("/process/entity_id").asText())
        .matches("[0-9a-f]{32}")
        .isEqualTo(harness.siem().get(0).at("/process/entity_id").asText());
  }

  @Test
  void stateChange_isAnInfoEventWithItsInterval() {
    capture(1).with(evil()).with(connection(1, 49800, "SYN_SENT", noon(-9))).sendTo(harness);
    capture(2).with(evil()).with(connection(1, 49800, "ESTABLISHED", noon(-9))).sendTo(harness);

    isOfType(last(), "connection", "info");
    has(last(), "/event/action", "network-connection-state-changed");
    has(last(), "/event/start", "2026-01-02T12:00:00.0000000Z");
    has(last(), "/event/end", "2026-01-02T12:01:00.0000000Z");
    has(last(), "/network/direction", "egress");
    has(last(), "/source/ip", "10.0.0.5");
    has(last(), "/ramtide/network/old_state", "SYN_SENT");
    has(
        last(),
        "/message",
        "A TCP connection from 10.0.0.5:49800 to 203.0.113.7:443 of evil.exe (PID 120) went from"
            + " SYN_SENT to ESTABLISHED between 2026-01-02T12:00:00.0000000Z and"
            + " 2026-01-02T12:01:00.0000000Z");
  }

  @Test
  void connectionToAListener_comesFromTheOtherSide() {
    capture(1)
        .with(evil())
        .with(listener(1, 4444, noon(-90)), connection(2, 4444, "ESTABLISHED", noon(-9)))
        .sendTo(harness);

    has(last(), "/network/direction", "ingress");
    has(last(), "/source/ip", "203.0.113.7");
    has(last(), "/source/port", "443");
    has(last(), "/destination/ip", "10.0.0.5");
    has(last(), "/destination/port", "4444");
    assertThat(last().at("/message").asText())
        .startsWith("A TCP connection from 203.0.113.7:443 to 10.0.0.5:4444 of");
  }

  @Test
  void connectionClosed_isAnEndEvent_andSaysThatItsProcessIsGone() {
    capture(1).with(evil()).with(connection(1, 49800, "ESTABLISHED", noon(-9))).sendTo(harness);
    capture(2).sendTo(harness);

    isOfType(last(), "connection", "end");
    has(last(), "/event/action", "network-connection-closed");
    has(last(), "/@timestamp", "2026-01-02T12:01:00.0000000Z");
    has(last(), "/ramtide/evidence_capture", "1");
    has(last(), "/ramtide/network/owner", "gone");
    has(last(), "/process/name", "evil.exe");
    assertThat(last().at("/message").asText())
        .contains(" closed between ")
        .endsWith(", last seen in ESTABLISHED; the process is gone");
  }

  @Test
  void listener_isADestination() {
    capture(1).with(evil()).with(listener(1, 4444, noon(-9))).sendTo(harness);

    isOfType(last(), "start");
    has(last(), "/event/action", "network-listening-opened");
    has(last(), "/message", "A TCP listener on 0.0.0.0:4444 of evil.exe (PID 120) opened");
    has(last(), "/network/direction", "ingress");
    has(last(), "/destination/ip", "0.0.0.0");
    has(last(), "/destination/port", "4444");
    hasNot(last(), "/source");
  }

  @Test
  void udpEndpoint_hasNoState_andNoDirection() {
    capture(1)
        .with(evil())
        .with(udp(1, 53, noon(-9)).setIpVersion(6).setLocalAddress("fe80::1"))
        .sendTo(harness);
    capture(2).with(evil()).sendTo(harness);

    isOfType(last(), "end");
    has(last(), "/event/action", "network-listening-closed");
    has(last(), "/network/transport", "udp");
    has(last(), "/network/type", "ipv6");
    has(last(), "/network/direction", "unknown");
    has(last(), "/destination/ip", "fe80::1");
    hasNot(last(), "/ramtide/network/state");
    assertThat(last().at("/message").asText())
        .startsWith("A UDP endpoint on [fe80::1]:53 of evil.exe (PID 120) closed between ");
  }

  @Test
  void hiddenOwner_isToldSo() {
    capture(1)
        .with(unlinked(120, "evil.exe", noon(-100)))
        .with(listener(1, 4444, noon(-9)))
        .sendTo(harness);

    has(last(), "/ramtide/network/owner", "hidden");
    assertThat(last().at("/message").asText())
        .endsWith("; the process is hidden: it runs but is not in the active process list");
  }

  @Test
  void exitedOwner_isToldSo() {
    capture(1)
        .with(evil().setExitTime(noon(-3)))
        .with(connection(1, 49800, "CLOSE_WAIT", noon(-9)))
        .sendTo(harness);

    has(last(), "/ramtide/network/owner", "exited");
    assertThat(last().at("/message").asText()).endsWith("; the process has exited");
  }

  @Test
  void endpointWithoutOwner_saysSo() {
    capture(1).with(timeWait(1, 49800, noon(-9))).sendTo(harness);

    hasNot(last(), "/process");
    has(last(), "/ramtide/network/owner", "unknown");
    assertThat(last().at("/message").asText())
        .startsWith("A TCP connection between 10.0.0.5:49800 and 203.0.113.7:443 opened by ")
        .endsWith("; its process is not known");
  }

  @Test
  void addressThatCouldNotBeRead_isLeftOut() {
    capture(1)
        .with(evil())
        .with(
            connection(1, 49800, "ESTABLISHED", noon(-9))
                .setRemoteAddress(null)
                .setAddressStatus("not captured"))
        .sendTo(harness);

    hasNot(last(), "/destination/ip");
    has(last(), "/destination/port", "443");
    assertThat(last().at("/message").asText())
        .startsWith("A TCP connection between 10.0.0.5:49800 and an unknown address:443 of");
  }

  @Test
  void sameEventInTwoEndpoints_hasTwoIds() {
    capture(1).with(evil()).with(listener(1, 4444, null), listener(2, 4444, null)).sendTo(harness);

    assertThat(documents()).hasSize(2);
    assertThat(documents().get(0).at("/event/id")).isNotEqualTo(documents().get(1).at("/event/id"));
  }
}
