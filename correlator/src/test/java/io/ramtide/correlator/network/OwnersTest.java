package io.ramtide.correlator.network;

import static io.ramtide.correlator.network.Replay.evil;
import static io.ramtide.correlator.network.Sockets.connection;
import static io.ramtide.correlator.network.Sockets.listener;
import static io.ramtide.correlator.network.Sockets.noon;
import static io.ramtide.correlator.network.Sockets.timeWait;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.OwnerStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnersTest {
  private final Replay replay = new Replay();

  private NetworkEvent open(EndpointFinding.Builder endpoint) {
    replay.capture(0, endpoint);
    return replay.last();
  }

  private static void isUnknownProcess(NetworkEvent event) {
    assertThat(event.getProcessCreateTime()).isNull();
    assertThat(event.getProcessGpa()).isNull();
    assertThat(event.getImagePath()).isNull();
  }

  @Test
  void listedProcess_isRunning() {
    replay.process(evil());
    NetworkEvent event = open(connection(1, 49800, "ESTABLISHED", noon(-9)).setProcessName(null));

    assertThat(event.getOwner()).isEqualTo(OwnerStatus.running);
    assertThat(event.getPid()).isEqualTo(Sockets.PID);
    assertThat(event.getProcessName()).isEqualTo("evil.exe");
    assertThat(event.getProcessCreateTime()).isEqualTo(noon(-5000));
    assertThat(event.getProcessGpa()).isEqualTo(0x3f00_0000L);
    assertThat(event.getImagePath()).isEqualTo("C:\\evil.exe");
  }

  @Test
  void unlinkedProcess_isHidden() {
    replay.hiddenProcess(evil());
    NetworkEvent event = open(connection(1, 49800, "ESTABLISHED", noon(-9)));

    assertThat(event.getOwner()).isEqualTo(OwnerStatus.hidden);
    assertThat(event.getImagePath()).isEqualTo("C:\\evil.exe");
  }

  @Test
  void unlinkedProcess_ofWhichNothingWasToldYet_isUnknown() {
    replay.process(evil().setSeenBy(List.of()));
    NetworkEvent event = open(connection(1, 49800, "ESTABLISHED", noon(-9)));

    assertThat(event.getOwner()).isEqualTo(OwnerStatus.unknown);
    assertThat(event.getProcessName()).isEqualTo("evil.exe");
  }

  @Test
  void processWithExitTime_hasExited() {
    replay.process(evil().setExitTime(noon(-3)));
    assertThat(open(connection(1, 49800, "CLOSE_WAIT", noon(-9))).getOwner())
        .isEqualTo(OwnerStatus.exited);
  }

  @Test
  void processThatIsNowhere_isGone_andWhatWasKnownOfItIsTold() {
    replay.process(evil());
    open(connection(1, 49800, "ESTABLISHED", noon(-9)));
    replay.withoutProcess(Sockets.PID);
    replay.capture(
        60,
        connection(1, 49800, "CLOSE_WAIT", noon(-9))
            .setPid(null)
            .setProcessName(null)
            .setOwnerStatus("not captured"));

    assertThat(replay.last().getOwner()).isEqualTo(OwnerStatus.gone);
    assertThat(replay.last().getPid()).isEqualTo(Sockets.PID);
    assertThat(replay.last().getProcessName()).isEqualTo("evil.exe");
    assertThat(replay.last().getProcessCreateTime()).isEqualTo(noon(-5000));
    assertThat(replay.last().getImagePath()).isEqualTo("C:\\evil.exe");
  }

  @Test
  void processThatIsNowhere_inAnInconclusiveCapture_isUnknown() {
    replay.activeList(ListStatus.incomplete);
    assertThat(open(connection(1, 49800, "ESTABLISHED", noon(-9))).getOwner())
        .isEqualTo(OwnerStatus.unknown);
  }

  @Test
  void endpointWithoutPid_isOfTheProcessAtItsOwnersVa() {
    replay.process(evil());
    NetworkEvent event = open(listener(1, 4444, noon(-9)).setPid(null).setProcessName(null));

    assertThat(event.getOwner()).isEqualTo(OwnerStatus.running);
    assertThat(event.getPid()).isEqualTo(Sockets.PID);
    assertThat(event.getProcessName()).isEqualTo("evil.exe");
  }

  @Test
  void endpointWithoutOwner_isOfNobody() {
    replay.process(evil());
    NetworkEvent event = open(timeWait(1, 49800, noon(-9)));

    assertThat(event.getOwner()).isEqualTo(OwnerStatus.unknown);
    assertThat(event.getPid()).isNull();
    isUnknownProcess(event);
  }

  @Test
  void laterProcessWithTheSamePid_isNotTheOwner() {
    replay.process(
        evil()
            .setCreateTime(noon(-5))
            .setImageName("innocent.exe")
            .setObjectVa(0xffff_fa80_1111_0000L));
    NetworkEvent event = open(connection(1, 49800, "ESTABLISHED", noon(-9)));

    assertThat(event.getOwner()).isEqualTo(OwnerStatus.gone);
    assertThat(event.getProcessName()).isEqualTo("evil.exe");
    isUnknownProcess(event);
  }

  @Test
  void laterProcessInTheSameObject_isInDoubt() {
    replay.process(evil().setCreateTime(noon(-5)));
    NetworkEvent event = open(connection(1, 49800, "ESTABLISHED", noon(-9)));

    assertThat(event.getOwner()).isEqualTo(OwnerStatus.unknown);
    assertThat(event.getProcessName()).isEqualTo("evil.exe");
    isUnknownProcess(event);
  }

  @Test
  void laterProcess_whereTheObjectIsNotKnown_isNotTheOwner() {
    replay.process(evil().setCreateTime(noon(-5)).setImageName("innocent.exe"));
    NetworkEvent event = open(connection(1, 49800, "ESTABLISHED", noon(-9)).setOwnerVa(null));

    assertThat(event.getOwner()).isEqualTo(OwnerStatus.gone);
    isUnknownProcess(event);
  }

  @Test
  void processThatExitedBefore_isNotTheOwner() {
    replay.process(evil().setExitTime(noon(-50)));
    NetworkEvent event = open(connection(1, 49800, "ESTABLISHED", noon(-9)));

    assertThat(event.getOwner()).isEqualTo(OwnerStatus.unknown);
    isUnknownProcess(event);
  }

  @Test
  void processWithAnotherObject_isNotTheOwner() {
    replay.process(evil().setObjectVa(0xffff_fa80_1111_0000L));
    assertThat(open(connection(1, 49800, "ESTABLISHED", noon(-9))).getOwner())
        .isEqualTo(OwnerStatus.gone);
  }

  @Test
  void laterProcessWithTheSamePid_isNotTheOwnerKnownBefore() {
    replay.process(evil());
    open(connection(1, 49800, "ESTABLISHED", null));
    replay.process(evil().setCreateTime(noon(30)).setImageName("innocent.exe"));
    replay.capture(60, connection(1, 49800, "CLOSE_WAIT", null));

    assertThat(replay.last().getOwner()).isEqualTo(OwnerStatus.gone);
    assertThat(replay.last().getProcessName()).isEqualTo("evil.exe");
    assertThat(replay.last().getProcessCreateTime()).isEqualTo(noon(-5000));
  }

  @Test
  void longImagePath_isCut() {
    replay.process(evil().setImagePath("C:\\" + "a".repeat(4000)));
    assertThat(open(listener(1, 4444, noon(-9))).getImagePath()).hasSize(1024);
  }
}
