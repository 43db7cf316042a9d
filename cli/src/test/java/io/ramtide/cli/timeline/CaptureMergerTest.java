package io.ramtide.cli.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.AvroSafety;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.Evidence;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.NetworkEventType;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.ProcessEventType;
import io.ramtide.schemas.RegistryEvent;
import io.ramtide.schemas.RegistryEventType;
import io.ramtide.schemas.Severity;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CaptureMergerTest {
  @BeforeAll
  static void trustTheRecords() {
    AvroSafety.apply();
  }

  private final CaptureMerger merger = new CaptureMerger();

  private static Evidence evidence() {
    return new Evidence(1L, 0L, null, List.of());
  }

  private static TimelineRecord process(long capture, Long time) {
    return new TimelineRecord.OfProcess(
        ProcessEvent.newBuilder()
            .setDomain("d")
            .setCapture(capture)
            .setType(ProcessEventType.started)
            .setTime(time)
            .setNotAfter(1000)
            .setPid(4)
            .setEvidence(evidence())
            .build());
  }

  private static TimelineRecord registry(long capture, Long time) {
    return new TimelineRecord.OfRegistry(
        RegistryEvent.newBuilder()
            .setDomain("d")
            .setCapture(capture)
            .setType(RegistryEventType.keyCreated)
            .setTime(time)
            .setNotAfter(1000)
            .setEvidence(evidence())
            .build());
  }

  private static TimelineRecord network(long capture, Long notBefore) {
    return new TimelineRecord.OfNetwork(
        NetworkEvent.newBuilder()
            .setDomain("d")
            .setCapture(capture)
            .setType(NetworkEventType.connectionClosed)
            .setNotBefore(notBefore)
            .setNotAfter(1000)
            .setProtocol("TCP")
            .setIpVersion(4)
            .setLocalPort(1)
            .setEvidence(evidence())
            .build());
  }

  private static TimelineRecord anomaly(long capture) {
    return new TimelineRecord.Alarm(
        Anomaly.newBuilder()
            .setDomain("d")
            .setCapture(capture)
            .setRule("r")
            .setSeverity(Severity.high)
            .setMessage("m")
            .setNotAfter(0)
            .setEvidence(evidence())
            .build());
  }

  private static TimelineRecord end(
      long capture, int processes, int registry, int network, int anomalies) {
    return new TimelineRecord.Capture(
        CaptureEvent.newBuilder()
            .setDomain("d")
            .setCapture(capture)
            .setStatus(CaptureStatus.DECODED)
            .setTime(1000)
            .setProcesses(1)
            .setEvents(processes)
            .setRegistryEvents(registry)
            .setNetworkEvents(network)
            .setAnomalies(anomalies)
            .setActiveList(ListStatus.complete)
            .setUnreadableFrames(0)
            .build());
  }

  private List<TimelineRecord> add(TimelineRecord... records) {
    List<TimelineRecord> printed = new ArrayList<>();
    for (TimelineRecord record : records) {
      printed.addAll(merger.add(record));
    }
    return printed;
  }

  @Test
  void capture_isHeldUntilAllOfItHasCome_thenInOrderOfTime() {
    TimelineRecord late = process(1, 30L);
    TimelineRecord early = registry(1, 10L);
    TimelineRecord middle = network(1, 20L);
    TimelineRecord alarm = anomaly(1);
    TimelineRecord end = end(1, 1, 1, 1, 1);

    assertThat(add(late, end, middle, end, alarm)).isEmpty();
    assertThat(add(early)).containsExactly(early, middle, late, alarm, end);
  }

  @Test
  void capture_thatIsWholeBeforeAnEarlierOne_waitsForIt() {
    TimelineRecord alarm = anomaly(1);
    TimelineRecord first = end(1, 0, 0, 0, 1);
    TimelineRecord second = end(2, 0, 0, 0, 0);

    assertThat(add(first, second)).isEmpty();
    assertThat(add(alarm)).containsExactly(alarm, first, second);
  }

  @Test
  void end_comesOnEveryTopic_andIsPrintedOnce() {
    TimelineRecord end = end(1, 0, 0, 0, 0);
    assertThat(add(end, end, end)).containsExactly(end);
    assertThat(merger.flush()).isEmpty();
  }

  @Test
  void eventsWithoutTime_comeFirst_inTheirTopicsOrder() {
    TimelineRecord first = process(1, null);
    TimelineRecord second = process(1, null);
    TimelineRecord known = registry(1, 5L);
    TimelineRecord end = end(1, 2, 1, 0, 0);
    assertThat(add(known, first, second, end)).containsExactly(first, second, known, end);
  }

  @Test
  void whatWaitsInVain_isLetGoAsItIs_andItsRestIsNotLost() {
    TimelineRecord event = process(1, 1L);
    TimelineRecord end = end(1, 5, 0, 0, 0);
    TimelineRecord other = process(2, 2L);
    assertThat(add(event, end, other)).isEmpty();
    assertThat(merger.flush()).containsExactly(event, end, other);
    TimelineRecord late = process(1, 3L);
    assertThat(add(late, end)).containsExactly(late);
  }

  @Test
  void moreThanIsHeld_oldestCaptureIsLetGo() {
    TimelineRecord oldest = process(1, 1L);
    assertThat(add(oldest)).isEmpty();
    List<TimelineRecord> printed = new ArrayList<>();
    for (int i = 0; i < CaptureMerger.MAX_HELD; i++) {
      printed.addAll(merger.add(process(2 + i / 1000, 1L)));
    }
    assertThat(printed).containsExactly(oldest);
  }
}
