package io.ramtide.correlator.network;

import static io.ramtide.correlator.network.Sockets.connection;
import static io.ramtide.correlator.network.Sockets.listener;
import static io.ramtide.correlator.network.Sockets.noon;
import static io.ramtide.correlator.network.Sockets.udp;
import static io.ramtide.schemas.NetworkDirection.egress;
import static io.ramtide.schemas.NetworkDirection.ingress;
import static io.ramtide.schemas.NetworkDirection.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.NetworkEvent;
import org.junit.jupiter.api.Test;

class DirectionsTest {
  private final Replay replay = new Replay();

  @Test
  void establishedConnection_alone_isUnknown() {
    replay.capture(0, connection(1, 49800, "ESTABLISHED", noon(-9)));
    assertThat(replay.last().getDirection()).isEqualTo(unknown);
  }

  @Test
  void synSent_isEgress_andStaysSo() {
    replay.capture(0, connection(1, 49800, "SYN_SENT", noon(-9)));
    replay.capture(60, connection(1, 49800, "ESTABLISHED", noon(-9)));
    replay.capture(120);
    assertThat(replay.events()).hasSize(3);
    assertThat(replay.events()).extracting(NetworkEvent::getDirection).containsOnly(egress);
  }

  @Test
  void synReceived_isIngress() {
    replay.capture(0, connection(1, 49800, "SYN_RCVD", noon(-9)));
    assertThat(replay.last().getDirection()).isEqualTo(ingress);
  }

  @Test
  void connectionToAPortThatIsListenedOn_isIngress() {
    replay.capture(0, listener(1, 4444, noon(-90)), connection(2, 4444, "ESTABLISHED", noon(-9)));
    assertThat(replay.events()).extracting(NetworkEvent::getDirection).containsOnly(ingress);
    assertThat(replay.events()).hasSize(2);
  }

  @Test
  void connectionToAPortThatWasListenedOn_isIngress() {
    replay.capture(0, listener(1, 4444, noon(-90)).setLocalAddress(Sockets.GUEST));
    replay.capture(60, connection(2, 4444, "ESTABLISHED", noon(9)));
    assertThat(replay.last().getDirection()).isEqualTo(ingress);
  }

  @Test
  void listenerOnAnotherAddress_tellsNothing() {
    replay.capture(
        0,
        listener(1, 4444, noon(-90)).setLocalAddress("127.0.0.1"),
        connection(2, 4444, "ESTABLISHED", noon(-9)));
    assertThat(replay.last().getDirection()).isEqualTo(unknown);
  }

  @Test
  void listenerOnAnyIpv6Address_takesIpv4() {
    replay.capture(
        0,
        listener(1, 4444, noon(-90)).setIpVersion(6).setLocalAddress("::"),
        connection(2, 4444, "ESTABLISHED", noon(-9)));
    assertThat(replay.last().getDirection()).isEqualTo(ingress);
  }

  @Test
  void listenerOnAnyIpv4Address_doesNotTakeIpv6() {
    replay.capture(
        0,
        listener(1, 4444, noon(-90)),
        connection(2, 4444, "ESTABLISHED", noon(-9))
            .setIpVersion(6)
            .setLocalAddress("2001:db8::5")
            .setRemoteAddress("2001:db8::7"));
    assertThat(replay.last().getDirection()).isEqualTo(unknown);
  }

  @Test
  void udp_isUnknown() {
    replay.capture(0, udp(1, 53, noon(-9)));
    assertThat(replay.last().getDirection()).isEqualTo(unknown);
  }
}
