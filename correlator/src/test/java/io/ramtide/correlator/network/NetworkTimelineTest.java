package io.ramtide.correlator.network;

import static io.ramtide.correlator.network.Sockets.connection;
import static io.ramtide.correlator.network.Sockets.listener;
import static io.ramtide.correlator.network.Sockets.noon;
import static io.ramtide.correlator.network.Sockets.timeWait;
import static io.ramtide.correlator.network.Sockets.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.View;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NetworkTimelineTest {
  private static final String A = " 10.0.0.5:49800 203.0.113.7:443";

  private final Replay replay = new Replay().process(Replay.evil());

  private void isDated(double seconds) {
    assertThat(replay.last().getTime()).isEqualTo(noon(seconds));
  }

  private void isBetween(Double notBefore, double notAfter) {
    assertThat(replay.last().getTime()).isNull();
    assertThat(replay.last().getNotBefore()).isEqualTo(notBefore == null ? null : noon(notBefore));
    assertThat(replay.last().getNotAfter()).isEqualTo(noon(notAfter));
  }

  @Test
  void firstCapture_opensEveryEndpointAtItsCreateTime() {
    assertThat(
            replay.capture(
                0,
                connection(1, 49800, "ESTABLISHED", noon(-9)),
                listener(2, 135, noon(-900)),
                udp(3, 53, noon(-800))))
        .containsExactly(
            "listeningOpened 0.0.0.0:135 LISTENING",
            "listeningOpened 0.0.0.0:53",
            "connectionOpened" + A + " ESTABLISHED");
    assertThat(replay.events())
        .extracting(NetworkEvent::getTime)
        .containsExactly(noon(-900), noon(-800), noon(-9));
    assertThat(replay.last().getNotBefore()).isNull();
  }

  @Test
  void firstCapture_withoutCreateTime_opensInTheInterval() {
    assertThat(replay.capture(0, listener(2, 135, null))).hasSize(1);
    isBetween(null, 0);
  }

  @Test
  void firstCapture_ofRemnantWithTime_opensAndClosesIt() {
    assertThat(replay.capture(0, connection(1, 49800, "ESTABLISHED", noon(-9)).setStale(true)))
        .containsExactly(
            "connectionOpened" + A + " ESTABLISHED", "connectionClosed" + A + " ESTABLISHED");
    assertThat(replay.events().get(0).getTime()).isEqualTo(noon(-9));
    isBetween(-9.0, 0);
  }

  @Test
  void firstCapture_ofRemnantWithoutTime_tellsNothing() {
    assertThat(replay.capture(0, connection(1, 49800, "ESTABLISHED", null).setStale(true)))
        .isEmpty();
  }

  @Test
  void firstCapture_ofRemnantFromTheFuture_tellsNothing() {
    assertThat(replay.capture(0, connection(1, 49800, "CLOSED", noon(500)))).isEmpty();
  }

  @Test
  void sameEndpoints_tellNothing() {
    EndpointFinding.Builder[] all = {
      connection(1, 49800, "ESTABLISHED", noon(-9)), listener(2, 135, null), udp(3, 53, noon(-8))
    };
    replay.capture(0, all);

    assertThat(replay.capture(60, all)).isEmpty();
    assertThat(replay.capture(120, all)).isEmpty();
  }

  @Test
  void newConnection_isDatedByItsCreateTime() {
    replay.capture(0);
    assertThat(replay.capture(60, connection(1, 49800, "ESTABLISHED", noon(30.5))))
        .containsExactly("connectionOpened" + A + " ESTABLISHED");
    isDated(30.5);
    assertThat(replay.last().getNotBefore()).isEqualTo(noon(0));
    assertThat(replay.last().getCreateTime()).isEqualTo(noon(30.5));
    assertThat(replay.last().getEvidence().getCapture()).isEqualTo(2);
  }

  @Test
  void newConnection_olderThanTheCaptureBefore_openedInTheInterval() {
    replay.capture(0);
    replay.capture(60, connection(1, 49800, "ESTABLISHED", noon(-30)));
    isBetween(0.0, 60);
  }

  @Test
  void newConnection_slightlyOlderThanTheCaptureBefore_isDated() {
    replay.capture(0);
    replay.capture(60, connection(1, 49800, "ESTABLISHED", noon(-0.9)));
    isDated(-0.9);
  }

  @Test
  void newConnection_olderThanALiveCaptureButNotThanItsPages_isDated() {
    replay.live().capture(0);
    replay.capture(60, connection(1, 49800, "ESTABLISHED", noon(-10.5)));
    isDated(-10.5);
  }

  @Test
  void newConnection_fromTheFuture_openedInTheInterval() {
    replay.capture(0);
    replay.capture(60, connection(1, 49800, "ESTABLISHED", noon(90)));
    isBetween(0.0, 60);
  }

  @Test
  void otherState_isAStateChange() {
    replay.capture(0, connection(1, 49800, "SYN_SENT", noon(-1)));
    assertThat(replay.capture(60, connection(1, 49800, "ESTABLISHED", noon(-1))))
        .containsExactly("connectionStateChanged" + A + " SYN_SENT -> ESTABLISHED");
    isBetween(0.0, 60);
  }

  @Test
  void unknownState_isNoStateChange() {
    replay.capture(0, connection(1, 49800, "ESTABLISHED", noon(-1)));
    assertThat(replay.capture(60, connection(1, 49800, null, noon(-1)))).isEmpty();
    assertThat(replay.capture(120, connection(1, 49800, "ESTABLISHED", noon(-1)))).isEmpty();
  }

  @Test
  void absence_closes() {
    replay.capture(0, connection(1, 49800, "ESTABLISHED", noon(-1)), listener(2, 135, null));
    assertThat(replay.capture(60))
        .containsExactly(
            "listeningClosed 0.0.0.0:135 LISTENING", "connectionClosed" + A + " ESTABLISHED");
    isBetween(0.0, 60);
    assertThat(replay.last().getEvidence().getCapture()).isEqualTo(1);
    assertThat(replay.tracked()).isEmpty();
    assertThat(replay.capture(120)).isEmpty();
  }

  @Test
  void closedState_closesOnce_andTellsTheStateBefore() {
    replay.capture(0, connection(1, 49800, "CLOSE_WAIT", noon(-1)));
    assertThat(replay.capture(60, connection(1, 49800, "CLOSED", noon(-1))))
        .containsExactly("connectionClosed" + A + " CLOSE_WAIT");
    isBetween(0.0, 60);
    assertThat(replay.capture(120, connection(1, 49800, "CLOSED", noon(-1)))).isEmpty();
    assertThat(replay.capture(180)).isEmpty();
  }

  @Test
  void staleBlock_closesOnce() {
    replay.capture(0, udp(1, 53, noon(-1)));
    assertThat(replay.capture(60, udp(1, 53, noon(-1)).setStale(true)))
        .containsExactly("listeningClosed 0.0.0.0:53");
    assertThat(replay.capture(120, udp(1, 53, noon(-1)).setStale(true))).isEmpty();
    assertThat(replay.capture(180)).isEmpty();
  }

  @Test
  void staleBlock_thatLostItsAddresses_isTheSameConnection() {
    replay.capture(0, connection(1, 49800, "ESTABLISHED", noon(-1)));
    assertThat(
            replay.capture(
                60,
                connection(1, 49800, "CLOSED", noon(-1))
                    .setStale(true)
                    .setLocalAddress(null)
                    .setRemoteAddress(null)
                    .setAddressStatus("paged out")))
        .containsExactly("connectionClosed" + A + " ESTABLISHED");
  }

  @Test
  void cameAndWent_leavingABlock_openedAndClosed() {
    replay.capture(0);
    assertThat(replay.capture(60, connection(1, 49800, "CLOSED", noon(30)).setStale(true)))
        .containsExactly("connectionOpened" + A + " CLOSED", "connectionClosed" + A + " CLOSED");
    assertThat(replay.events().get(0).getTime()).isEqualTo(noon(30));
    isBetween(30.0, 60);
  }

  @Test
  void oldRemnant_thatIsFoundLater_tellsNothing() {
    replay.capture(0);
    assertThat(replay.capture(60, connection(1, 49800, "CLOSED", noon(-300)).setStale(true)))
        .isEmpty();
  }

  @Test
  void boundSocket_isNoConnectionUntilItConnects() {
    EndpointFinding.Builder bound =
        connection(1, 49800, "CLOSED", noon(-1))
            .setLocalAddress("0.0.0.0")
            .setRemoteAddress("0.0.0.0")
            .setRemotePort(0);
    assertThat(replay.capture(0, bound)).isEmpty();
    assertThat(replay.capture(60, connection(1, 49800, "SYN_SENT", noon(-1))))
        .containsExactly("connectionOpened" + A + " SYN_SENT");
    isBetween(0.0, 60);
  }

  @Test
  void reusedMemory_isAnotherEndpoint() {
    replay.capture(0, connection(1, 49800, "ESTABLISHED", noon(-1)));
    assertThat(replay.capture(60, connection(1, 49801, "ESTABLISHED", noon(30))))
        .containsExactly(
            "connectionClosed" + A + " ESTABLISHED",
            "connectionOpened 10.0.0.5:49801 203.0.113.7:443 ESTABLISHED");
  }

  @Test
  void reusedMemory_withTheSamePorts_isToldByTheCreateTime() {
    replay.capture(0, listener(1, 4444, noon(-9)));
    assertThat(replay.capture(60, listener(1, 4444, noon(30))))
        .containsExactly(
            "listeningClosed 0.0.0.0:4444 LISTENING", "listeningOpened 0.0.0.0:4444 LISTENING");
  }

  @Test
  void objectWithoutVa_isKnownByItsGpa() {
    replay.capture(0, listener(1, 4444, noon(-9)));
    assertThat(replay.capture(60, listener(1, 4444, noon(-9)).setObjectVa(null))).isEmpty();
    assertThat(replay.capture(120, listener(1, 4444, noon(-9)))).isEmpty();
    assertThat(replay.capture(180, listener(1, 4444, null))).isEmpty();
  }

  @Test
  void bothIpVersionsOfOneObject_areTwoEndpoints() {
    EndpointFinding.Builder v6 = listener(1, 445, noon(-9)).setIpVersion(6).setLocalAddress("::");
    replay.capture(0, listener(1, 445, noon(-9)), v6);

    assertThat(replay.events()).hasSize(2);
    assertThat(replay.capture(60, listener(1, 445, noon(-9)), v6)).isEmpty();
    assertThat(replay.capture(120, v6)).containsExactly("listeningClosed 0.0.0.0:445 LISTENING");
  }

  @Test
  void absence_inAnIncompleteCapture_provesNothing() {
    replay.capture(0, connection(1, 49800, "ESTABLISHED", noon(-1)));
    replay.coverage(CoverageStatus.incomplete);
    assertThat(replay.capture(60)).isEmpty();
    replay.coverage(CoverageStatus.complete).dropped(1);
    assertThat(replay.capture(120)).isEmpty();
    assertThat(replay.dropped(0).capture(180))
        .containsExactly("connectionClosed" + A + " ESTABLISHED");
    isBetween(0.0, 180);
    assertThat(replay.last().getEvidence().getCapture()).isEqualTo(1);
  }

  @Test
  void absence_fromTheWholePool_provesThatItIsOver_exceptOfWhatOnlyATableShowed() {
    replay.capture(
        0,
        connection(1, 49800, "ESTABLISHED", noon(-1)),
        listener(2, 445, noon(-9)).setSeenBy(List.of(View.portTable)));
    assertThat(replay.remark("portTable: the port pool cannot be found").capture(60))
        .containsExactly("connectionClosed" + A + " ESTABLISHED");
    assertThat(replay.remark(null).capture(120)).hasSize(1);
  }

  @Test
  void absence_whereAPageIsMissing_provesNothingBeforeTheSecondTime() {
    replay.capture(0, connection(1, 49800, "ESTABLISHED", noon(-1)));
    assertThat(replay.unreadableFrames(1).capture(60)).isEmpty();
    assertThat(replay.capture(120)).containsExactly("connectionClosed" + A + " ESTABLISHED");
    isBetween(0.0, 120);
  }

  @Test
  void newConnection_afterACaptureThatLackedAPage_isDatedByTheOneBefore() {
    replay.capture(0);
    replay.unreadableFrames(1).capture(60);
    replay.capture(120, connection(1, 49800, "ESTABLISHED", noon(30)));
    isDated(30);
    assertThat(replay.last().getNotBefore()).isEqualTo(noon(0));
  }

  @Test
  void captureThatDoesNotLookForEndpoints_tellsNothing() {
    replay.capture(0, connection(1, 49800, "ESTABLISHED", noon(-1)));
    assertThat(replay.coverage(null).capture(60)).isEmpty();
    assertThat(replay.coverage(CoverageStatus.complete).capture(120))
        .containsExactly("connectionClosed" + A + " ESTABLISHED");
    isBetween(0.0, 120);
  }

  @Test
  void endpoint_thatIsFoundAgain_tellsNothing() {
    replay.capture(0, connection(1, 49800, "ESTABLISHED", noon(-1)));
    replay.coverage(CoverageStatus.incomplete).capture(60);
    assertThat(replay.capture(120, connection(1, 49800, "ESTABLISHED", noon(-1)))).isEmpty();
  }

  @Test
  void twins_areOneEndpoint() {
    assertThat(
            replay.capture(0, listener(1, 445, noon(-9)), listener(1, 445, noon(-9)).setPid(null)))
        .hasSize(1);
    assertThat(replay.last().getPid()).isEqualTo(Sockets.PID);
  }

  @Test
  void anyOrderOfFindings_tellsTheSame() {
    List<EndpointFinding> first = new ArrayList<>();
    List<EndpointFinding> second = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      first.add(connection(i, 40000 + i, "ESTABLISHED", noon(-i)).build());
      second.add(
          i % 3 == 0
              ? timeWait(i + 500, 40000 + i, noon(30)).build()
              : connection(i, 40000 + i % 7, "CLOSE_WAIT", i % 2 == 0 ? null : noon(-i)).build());
      second.add(connection(i, 40000 + i, "ESTABLISHED", noon(-i)).setStale(true).build());
    }
    List<List<NetworkEvent>> told =
        IntStream.range(0, 5)
            .mapToObj(
                seed -> {
                  Replay other = new Replay().process(Replay.evil());
                  Collections.shuffle(first, new Random(seed));
                  Collections.shuffle(second, new Random(seed));
                  other.capture(0, first);
                  other.capture(60, second);
                  return other.events();
                })
            .toList();

    assertThat(told.get(0)).hasSizeGreaterThan(400);
    assertThat(told).allSatisfy(events -> assertThat(events).isEqualTo(told.get(0)));
  }

  @Test
  void endpointsThatAreNotFoundAgain_areForgottenWhenTooMany_closedOnesFirst() {
    List<EndpointFinding> live =
        IntStream.range(0, NetworkTimeline.MAX_UNSEEN)
            .mapToObj(i -> connection(i, i + 1, "ESTABLISHED", noon(-1)).build())
            .toList();
    List<EndpointFinding> all = new ArrayList<>(live);
    all.add(connection(100_000, 1, "CLOSED", noon(-2)).setStale(true).build());
    replay.capture(0, all);
    replay.coverage(CoverageStatus.incomplete).capture(60);

    assertThat(replay.tracked()).hasSize(NetworkTimeline.MAX_UNSEEN);
    assertThat(replay.tracked()).allSatisfy(endpoint -> assertThat(endpoint.open()).isTrue());
    replay.capture(120, connection(200_000, 2, "ESTABLISHED", noon(100)));
    replay.capture(180);
    assertThat(replay.tracked()).hasSize(NetworkTimeline.MAX_UNSEEN);
    assertThat(replay.tracked().get(replay.tracked().size() - 1).finding().getObjectGpa())
        .isEqualTo(connection(200_000, 2, null, null).getObjectGpa());
  }

  @Test
  void endpointWithoutAPort_isToldWhenItHasOne() {
    replay.capture(0);
    assertThat(replay.capture(60, listener(1, 0, noon(50)))).isEmpty();
    assertThat(replay.capture(120, listener(1, 445, noon(50)))).hasSize(1);
    assertThat(replay.capture(180, listener(1, 445, noon(50)))).isEmpty();
  }

  @Test
  void otherView_isNoChange() {
    replay.capture(0, listener(1, 445, noon(-9)));
    assertThat(replay.capture(60, listener(1, 445, noon(-9)).setSeenBy(List.of(View.portTable))))
        .isEmpty();
  }
}
