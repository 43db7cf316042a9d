package io.ramtide.correlator;

import static io.ramtide.correlator.Samples.noon;
import static io.ramtide.correlator.Samples.process;
import static io.ramtide.correlator.Samples.unlinked;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.FileTime;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.ProcessEventType;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.View;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTimelineTest {
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

  private static ProcessFinding.Builder system() {
    return process(4, "System", noon(-1000));
  }

  private static void incomplete(Summary.Builder summary) {
    summary.setActiveList(ListStatus.incomplete);
  }

  private static void unreadable(Summary.Builder summary) {
    summary
        .setStatus(CaptureStatus.UNREADABLE)
        .setDetail("chunk 3 is missing")
        .setActiveList(ListStatus.notWalked)
        .setGuestTime(null);
  }

  private ProcessEvent last() {
    return harness.events().get(harness.events().size() - 1);
  }

  @Test
  void firstCapture_startsEveryProcessAtItsCreateTime() {
    harness.capture(1, 0, process(300, "smss.exe", noon(-990)), system());

    assertThat(harness.events(1)).containsExactly("started System", "started smss.exe");
    assertThat(harness.events())
        .extracting(ProcessEvent::getTime)
        .containsExactly(noon(-1000), noon(-990));
    assertThat(last().getNotBefore()).isNull();
    assertThat(last().getNotAfter()).isEqualTo(noon(0));
  }

  @Test
  void idle_neitherAppearsNorDisappears() {
    harness.capture(1, 0, system());
    harness.capture(
        2,
        60,
        ProcessTimelineTest::incomplete,
        system(),
        process(0, "Idle", null).setSeenBy(List.of(View.headerScan)).setIdle(true));
    harness.capture(3, 120, system());

    assertThat(harness.events(2)).isEmpty();
    assertThat(harness.events(3)).isEmpty();
  }

  @Test
  void firstCapture_withoutCreateTime_appears() {
    harness.capture(1, 0, process(4, "System", null));

    assertThat(harness.events(1)).containsExactly("appeared System");
    assertThat(last().getTime()).isNull();
  }

  @Test
  void firstCapture_ofExitedProcess_startsAndExitsIt() {
    harness.capture(1, 0, process(8, "cmd.exe", noon(-9)).setExitTime(noon(-5)));

    assertThat(harness.events(1)).containsExactly("started cmd.exe", "exited cmd.exe");
    assertThat(last().getTime()).isEqualTo(noon(-5));
  }

  @Test
  void newProcess_createdSinceTheCaptureBefore_startedAtItsCreateTime() {
    harness.capture(1, 0, system());
    harness.capture(2, 60, system(), process(8, "cmd.exe", noon(30.5)));

    assertThat(harness.events(2)).containsExactly("started cmd.exe");
    assertThat(last().getTime()).isEqualTo(noon(30.5));
    assertThat(last().getNotBefore()).isEqualTo(noon(0));
    assertThat(last().getNotAfter()).isEqualTo(noon(60));
  }

  @Test
  void newProcess_olderThanTheCaptureBefore_appearedInTheInterval() {
    harness.capture(1, 0, system());
    harness.capture(2, 60, system(), process(8, "old.exe", noon(-30)));

    assertThat(harness.events(2)).containsExactly("appeared old.exe");
    assertThat(last().getTime()).isNull();
    assertThat(last().getCreateTime()).isEqualTo(noon(-30));
    assertThat(last().getNotBefore()).isEqualTo(noon(0));
    assertThat(last().getNotAfter()).isEqualTo(noon(60));
  }

  @Test
  void newProcess_withoutCreateTime_appeared() {
    harness.capture(1, 0, system());
    harness.capture(2, 60, system(), process(8, "odd.exe", null));

    assertThat(harness.events(2)).containsExactly("appeared odd.exe");
  }

  @Test
  void newProcess_withImpossibleCreateTime_appeared() {
    harness.capture(1, 0, system());
    harness.capture(2, 60, system(), process(8, "odd.exe", Long.MAX_VALUE));

    assertThat(harness.events(2)).containsExactly("appeared odd.exe");
    assertThat(last().getCreateTime()).isNull();
  }

  @Test
  void newProcess_slightlyOlderThanTheCaptureBefore_started() {
    harness.capture(1, 0, system());
    harness.capture(2, 60, system(), process(8, "cmd.exe", noon(-0.9)));

    assertThat(harness.events(2)).containsExactly("started cmd.exe");
  }

  @Test
  void newProcess_createdWhileALiveCaptureWasTaken_started() {
    harness.capture(
        1,
        0,
        summary -> summary.setConsistency(Consistency.LIVE).setEndedAt(Samples.micros(20)),
        system());
    harness.capture(
        2, 60, system(), process(8, "new.exe", noon(-20.5)), process(12, "old.exe", noon(-22)));

    assertThat(harness.events(2)).containsExactly("started new.exe", "appeared old.exe");
  }

  @Test
  void exitTimeNewlySet_exitedAtThatTime() {
    harness.capture(1, 0, system(), process(8, "cmd.exe", noon(-9)));
    harness.capture(2, 60, system(), process(8, "cmd.exe", noon(-9)).setExitTime(noon(12)));
    harness.capture(3, 90, system(), process(8, "cmd.exe", noon(-9)).setExitTime(noon(12)));

    assertThat(harness.events(2)).containsExactly("exited cmd.exe");
    assertThat(last().getTime()).isEqualTo(noon(12));
    assertThat(harness.events(3)).isEmpty();
  }

  @Test
  void startedAndExitedBetweenCaptures_givesBoth() {
    harness.capture(1, 0, system());
    harness.capture(2, 60, system(), process(8, "cmd.exe", noon(10)).setExitTime(noon(11)));

    assertThat(harness.events(2)).containsExactly("started cmd.exe", "exited cmd.exe");
  }

  @Test
  void goneWithoutExitTime_disappearedInTheInterval() {
    harness.capture(1, 0, system(), process(8, "cmd.exe", noon(-9)));
    harness.capture(2, 60, system());

    assertThat(harness.events(2)).containsExactly("disappeared cmd.exe");
    assertThat(last().getTime()).isNull();
    assertThat(last().getNotBefore()).isEqualTo(noon(0));
    assertThat(last().getNotAfter()).isEqualTo(noon(60));
    assertThat(last().getEvidence().getCapture()).isEqualTo(1);
    assertThat(last().getCapture()).isEqualTo(2);
  }

  @Test
  void exitedProcessWhoseMemoryIsReused_givesNoEvent() {
    harness.capture(1, 0, system(), process(8, "cmd.exe", noon(-9)).setExitTime(noon(-5)));
    harness.capture(2, 60, system());

    assertThat(harness.events(2)).isEmpty();
  }

  @Test
  void goneFromAnIncompleteList_staysAndReturnsWithoutEvents() {
    harness.capture(1, 0, system(), process(8, "cmd.exe", noon(-9)));
    harness.capture(2, 60, ProcessTimelineTest::incomplete, system());
    harness.capture(3, 90, system(), process(8, "cmd.exe", noon(-9)));

    assertThat(harness.events(2)).isEmpty();
    assertThat(harness.events(3)).isEmpty();
  }

  @Test
  void goneSinceAnIncompleteList_disappearedSinceItWasLastSeen() {
    harness.capture(1, 0, system(), process(8, "cmd.exe", noon(-9)));
    harness.capture(2, 60, ProcessTimelineTest::incomplete, system());
    harness.capture(3, 90, system());

    assertThat(harness.events(3)).containsExactly("disappeared cmd.exe");
    assertThat(last().getNotBefore()).isEqualTo(noon(0));
  }

  @Test
  void unreadableCapture_provesNothing() {
    harness.capture(1, 0, system(), process(8, "cmd.exe", noon(-9)));
    harness.capture(2, 60, ProcessTimelineTest::unreadable);
    harness.capture(
        3, 90, system(), process(8, "cmd.exe", noon(-9)), process(12, "new.exe", noon(30)));

    assertThat(harness.events(2)).isEmpty();
    assertThat(harness.events(3))
        .as("started since the last capture that could have seen it")
        .containsExactly("started new.exe");
    assertThat(last().getNotBefore()).isEqualTo(noon(0));
    assertThat(harness.captures()).hasSize(3);
    assertThat(harness.captures().get(1).getStatus()).isEqualTo(CaptureStatus.UNREADABLE);
    assertThat(harness.captures().get(1).getDetail()).isEqualTo("chunk 3 is missing");
  }

  @Test
  void unseenInAnIncompleteCapture_isNotNewAfterIt() {
    harness.capture(1, 0, ProcessTimelineTest::incomplete, system());
    harness.capture(2, 60, system(), process(8, "cmd.exe", noon(-9)));

    assertThat(harness.events(2))
        .as("the first capture may have missed it")
        .containsExactly("started cmd.exe");
  }

  @Test
  void reusedPid_isAnotherProcess() {
    harness.capture(1, 0, system(), process(8, "cmd.exe", noon(-9)));
    harness.capture(
        2,
        60,
        system(),
        process(8, "cmd.exe", noon(-9)).setExitTime(noon(5)),
        process(8, "calc.exe", noon(20)).setObjectVa(0xffff_fa80_0123_4000L).setObjectGpa(0x5000L));

    assertThat(harness.events(2)).containsExactly("exited cmd.exe", "started calc.exe");
  }

  @Test
  void reusedPidInReusedMemory_isAnotherProcess() {
    harness.capture(1, 0, system(), process(8, "cmd.exe", noon(-9)));
    harness.capture(2, 60, system(), process(8, "calc.exe", noon(20)));

    assertThat(harness.events(2)).containsExactly("disappeared cmd.exe", "started calc.exe");
  }

  @Test
  void objectWithoutKnownVa_isRecognisedByItsGpa() {
    harness.capture(1, 0, system(), process(8, "cmd.exe", noon(-9)));
    harness.capture(2, 60, system(), process(8, "cmd.exe", noon(-9)).setObjectVa(null));
    harness.capture(3, 90, system(), process(8, "cmd.exe", noon(-9)));

    assertThat(harness.events(2)).isEmpty();
    assertThat(harness.events(3)).isEmpty();
  }

  @Test
  void unreadCreateTime_doesNotMakeAnotherProcess() {
    harness.capture(1, 0, system(), process(8, "cmd.exe", noon(-9)));
    harness.capture(2, 60, system(), process(8, "cmd.exe", null));

    assertThat(harness.events(2)).isEmpty();
  }

  @Test
  void events_areInTimeOrder_thenByPid() {
    harness.capture(1, 0, system(), process(40, "gone.exe", noon(-9)));
    harness.capture(
        2,
        60,
        process(24, "c.exe", noon(10)),
        process(16, "b.exe", noon(20)).setExitTime(noon(21)),
        process(8, "a.exe", noon(10)),
        system());

    assertThat(harness.events(2))
        .containsExactly(
            "disappeared gone.exe",
            "started a.exe",
            "started c.exe",
            "started b.exe",
            "exited b.exe");
  }

  @Test
  void everyEvent_carriesItsEvidence() {
    harness.capture(1, 0, system());

    assertThat(last().getEvidence().getCapture()).isEqualTo(1);
    assertThat(last().getEvidence().getObjectGpa()).isEqualTo(0x3f00_4000L);
    assertThat(last().getEvidence().getObjectVa()).isEqualTo(0xffff_fa80_0000_4000L);
    assertThat(last().getEvidence().getSeenBy()).containsExactly(View.activeList, View.poolScan);
  }

  @Test
  void withoutGuestTime_theHostsTimesBoundTheInterval() {
    Consumer<Summary.Builder> noGuestTime = summary -> summary.setGuestTime(null);
    harness.capture(1, 0, noGuestTime, system(), process(8, "cmd.exe", noon(-9)));
    harness.capture(2, 60, noGuestTime, system());

    assertThat(last().getType()).isEqualTo(ProcessEventType.disappeared);
    assertThat(last().getNotBefore()).isEqualTo(FileTime.ofMicros(Samples.micros(0)));
    assertThat(last().getNotAfter()).isEqualTo(FileTime.ofMicros(Samples.micros(61)));
  }

  @Test
  void guestClockSetBack_leavesTheBeginningOpen() {
    harness.capture(1, 0, system(), process(8, "cmd.exe", noon(-9)));
    harness.capture(2, -60, system());

    assertThat(harness.events(2)).containsExactly("disappeared cmd.exe");
    assertThat(last().getNotBefore()).isNull();
  }

  @Test
  void captureEvent_followsTheEventsOfItsCapture() {
    harness.capture(1, 0, system(), unlinked(8, "evil.exe", noon(-9)));

    var written = harness.captures().get(0);
    assertThat(harness.records("ramtide.timeline.process")).hasSize(3);
    assertThat(written.getProcesses()).isEqualTo(2);
    assertThat(written.getEvents()).isEqualTo(2);
    assertThat(written.getAnomalies()).isEqualTo(1);
    assertThat(written.getTime()).isEqualTo(noon(0));
    assertThat(written.getActiveList()).isEqualTo(ListStatus.complete);
    assertThat(
            AvroCodec.of(CaptureEvent.class)
                .claims(harness.records("ramtide.timeline.process").get(2).value()))
        .isTrue();
  }

  @Test
  void textsThatComeAndGo_areNoEvents_andStayKnown() {
    harness.capture(1, 0, process(8, "cmd.exe", noon(-9)).setCommandLineStatus("paged out"));
    harness.capture(
        2,
        60,
        process(8, "cmd.exe", noon(-9))
            .setCommandLine("cmd /c calc")
            .setImagePath("C:\\Windows\\cmd.exe")
            .setUserSid("S-1-5-18")
            .setThreadCount(3L)
            .setSeenBy(List.of(View.activeList, View.cidTable)));
    harness.capture(
        3, 120, process(8, "cmd.exe", noon(-9)).setCommandLine("cmd ").setCommandLineStatus("cut"));
    assertThat(harness.events(2)).isEmpty();
    assertThat(harness.events(3)).isEmpty();

    harness.capture(
        4,
        180,
        process(8, "cmd.exe", noon(-9))
            .setExitTime(noon(170))
            .setCommandLineStatus("not mapped")
            .setImagePathStatus("not mapped"));
    assertThat(harness.events(4)).containsExactly("exited cmd.exe");
    assertThat(last().getCommandLine()).isEqualTo("cmd /c calc");
    assertThat(last().getImagePath()).isEqualTo("C:\\Windows\\cmd.exe");
    assertThat(last().getUserSid()).isEqualTo("S-1-5-18");
  }

  @Test
  void commandLineThatWasRewritten_isAsLastRead() {
    harness.capture(1, 0, process(8, "cmd.exe", noon(-9)).setCommandLine("cmd /c evil"));
    harness.capture(2, 60, process(8, "cmd.exe", noon(-9)).setCommandLine("cmd"));
    harness.capture(3, 120, process(8, "cmd.exe", noon(-9)).setExitTime(noon(110)));

    assertThat(last().getCommandLine()).isEqualTo("cmd");
  }
}
