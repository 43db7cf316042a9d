package io.ramtide.correlator.network;

import static io.ramtide.correlator.network.Sockets.connection;
import static io.ramtide.correlator.network.Sockets.noon;
import static io.ramtide.correlator.network.Sockets.timeWait;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.CoverageStatus;
import org.junit.jupiter.api.Test;

/** A connection ends in a block other than its own. */
class TimeWaitTest {
  private static final String A = " 10.0.0.5:49800 203.0.113.7:443";

  private final Replay replay = new Replay().process(Replay.evil());

  @Test
  void timeWait_isAStateOfTheConnection() {
    replay.capture(0, connection(1, 49800, "ESTABLISHED", noon(-9)));
    assertThat(replay.capture(60, timeWait(2, 49800, noon(50))))
        .containsExactly("connectionStateChanged" + A + " ESTABLISHED -> TIME_WAIT");
    assertThat(replay.last().getPid()).isEqualTo(Sockets.PID);
    assertThat(replay.last().getProcessName()).isEqualTo("evil.exe");
    assertThat(replay.last().getCreateTime()).isEqualTo(noon(-9));
    assertThat(replay.last().getEvidence().getObjectGpa())
        .isEqualTo(timeWait(2, 49800, null).getObjectGpa());
    assertThat(replay.capture(120, timeWait(2, 49800, noon(50)))).isEmpty();
    assertThat(replay.capture(180)).containsExactly("connectionClosed" + A + " TIME_WAIT");
    assertThat(replay.last().getPid()).isEqualTo(Sockets.PID);
  }

  @Test
  void timeWait_besideTheFormerBlock_isAStateOfTheConnection() {
    replay.capture(0, connection(1, 49800, "ESTABLISHED", noon(-9)));
    assertThat(
            replay.capture(
                60,
                timeWait(2, 49800, noon(50)),
                connection(1, 49800, "CLOSED", noon(-9)).setStale(true)))
        .containsExactly("connectionStateChanged" + A + " ESTABLISHED -> TIME_WAIT");
    assertThat(replay.capture(120, connection(1, 49800, "CLOSED", noon(-9)).setStale(true)))
        .containsExactly("connectionClosed" + A + " TIME_WAIT");
    assertThat(replay.capture(180)).isEmpty();
  }

  @Test
  void cameAndWent_intoTimeWait_openedInTheInterval() {
    replay.capture(0);
    assertThat(replay.capture(60, timeWait(2, 49800, noon(50))))
        .containsExactly("connectionOpened" + A + " TIME_WAIT");
    assertThat(replay.last().getTime()).as("the block's is not the connection's").isNull();
    assertThat(replay.last().getPid()).isNull();
    assertThat(replay.capture(120)).containsExactly("connectionClosed" + A + " TIME_WAIT");
  }

  @Test
  void cameAndWent_intoTimeWait_besideTheFormerBlock_isDatedByIt() {
    replay.capture(0);
    assertThat(
            replay.capture(
                60,
                timeWait(2, 49800, noon(50)),
                connection(1, 49800, "CLOSED", noon(20)).setStale(true)))
        .containsExactly("connectionOpened" + A + " TIME_WAIT");
    assertThat(replay.last().getTime()).isEqualTo(noon(20));
    assertThat(replay.last().getPid()).isEqualTo(Sockets.PID);
    assertThat(replay.capture(120)).containsExactly("connectionClosed" + A + " TIME_WAIT");
  }

  @Test
  void freedTimeWaitBlock_closes() {
    replay.capture(0, connection(1, 49800, "ESTABLISHED", noon(-9)));
    replay.coverage(CoverageStatus.incomplete);
    replay.capture(60, timeWait(2, 49800, noon(50)));
    assertThat(replay.capture(120, timeWait(2, 49800, noon(50)).setStale(true)))
        .containsExactly("connectionClosed" + A + " TIME_WAIT");
    assertThat(replay.capture(180, timeWait(2, 49800, noon(50)).setStale(true))).isEmpty();
  }

  @Test
  void sameAddressesAgain_afterTimeWait_areANewConnection() {
    replay.capture(0, timeWait(2, 49800, noon(-9)));
    assertThat(replay.capture(60, connection(1, 49800, "ESTABLISHED", noon(30))))
        .containsExactly(
            "connectionClosed" + A + " TIME_WAIT", "connectionOpened" + A + " ESTABLISHED");
  }

  @Test
  void otherAddresses_areAnotherConnection() {
    replay.capture(0, connection(1, 49800, "ESTABLISHED", noon(-9)));
    assertThat(replay.capture(60, timeWait(2, 49801, noon(50))))
        .containsExactlyInAnyOrder(
            "connectionClosed" + A + " ESTABLISHED",
            "connectionOpened 10.0.0.5:49801 203.0.113.7:443 TIME_WAIT");
  }
}
