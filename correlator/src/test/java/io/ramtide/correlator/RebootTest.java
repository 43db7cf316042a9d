package io.ramtide.correlator;

import static io.ramtide.correlator.Samples.noon;
import static io.ramtide.correlator.Samples.process;
import static io.ramtide.correlator.Samples.unlinked;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.correlator.network.Sockets;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.SystemFinding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest that is booted anew between two captures. */
class RebootTest {
  @TempDir Path folder;
  private Harness harness;

  @BeforeEach
  void open() {
    harness = new Harness(folder);
  }

  @AfterEach
  void close() {
    harness.close();
  }

  /** The kernel's own process, at the same place in every boot. */
  private static ProcessFinding.Builder system(double booted) {
    return process(4, "System", noon(booted));
  }

  private CaptureEvent last() {
    return harness.captures().get(harness.captures().size() - 1);
  }

  @Test
  void boot_isOneEvent_andWhatIsThereNowStarted() {
    harness.capture(1, 0, system(-600), process(100, "old.exe", noon(-500)));
    assertThat(last().getRebooted()).isFalse();
    assertThat(last().getBootTime()).isEqualTo(noon(-600));
    harness.capture(2, 60, system(30), process(100, "new.exe", noon(40)));

    assertThat(harness.events(2)).containsExactly("started System", "started new.exe");
    assertThat(harness.events().get(3).getTime()).isEqualTo(noon(40));
    assertThat(harness.events().get(3).getNotBefore()).isNull();
    assertThat(last().getRebooted()).isTrue();
    assertThat(last().getBootTime()).isEqualTo(noon(30));
  }

  @Test
  void captureAfterTheFirstOfABoot_isComparedWithIt() {
    harness.capture(1, 0, system(-600), process(100, "old.exe", noon(-500)));
    harness.capture(2, 60, system(30), process(100, "new.exe", noon(40)));
    harness.capture(3, 70, system(30), process(200, "next.exe", noon(65)));

    assertThat(harness.events(3)).containsExactly("disappeared new.exe", "started next.exe");
    assertThat(last().getRebooted()).isFalse();
  }

  @Test
  void capturesWithoutWindows_concludeNothing_andTheBootIsToldAfterThem() {
    harness.capture(1, 0, system(-600), process(100, "old.exe", noon(-500)));
    for (int capture = 2; capture < 4; capture++) {
      harness.find(
          capture,
          Samples.summary(0, capture)
              .setStatus(CaptureStatus.NO_WINDOWS)
              .setGuestTime(null)
              .setActiveList(ListStatus.notWalked)
              .build());
      assertThat(harness.events(capture)).isEmpty();
      assertThat(last().getRebooted()).isFalse();
      assertThat(last().getBootTime()).isNull();
    }
    harness.capture(4, 60, system(30), process(100, "new.exe", noon(40)));

    assertThat(harness.events(4)).containsExactly("started System", "started new.exe");
    assertThat(last().getRebooted()).isTrue();
  }

  @Test
  void systemThatCannotBeRead_isNoOtherBoot_unlessTheKernelIsElsewhere() {
    harness.capture(1, 0, system(-600), process(100, "a.exe", noon(-500)));
    harness.capture(2, 10, process(100, "a.exe", noon(-500)));
    harness.capture(3, 20, unlinked(4, "System", noon(7)), process(100, "a.exe", noon(-500)));
    harness.capture(4, 30, system(-600), process(100, "a.exe", noon(-500)));
    assertThat(harness.captures()).noneMatch(CaptureEvent::getRebooted);

    SystemFinding elsewhere =
        SystemFinding.newBuilder(Samples.system()).setKernelBase(0xffff_f800_0290_0000L).build();
    harness.find(5, elsewhere);
    harness.find(5, process(100, "b.exe", noon(35)).build());
    harness.find(5, Samples.summary(2, 40).build());
    assertThat(last().getRebooted()).isTrue();
    assertThat(harness.events(5)).containsExactly("started b.exe");
  }

  @Test
  void hiddenProcessOfAnEarlierBoot_isNotTheOneOfThisBoot() {
    harness.capture(1, 0, system(-600), unlinked(100, "evil.exe", noon(-500)));
    harness.capture(2, 60, system(30), unlinked(100, "evil.exe", noon(40)));
    assertThat(harness.anomalies()).hasSize(2);
  }

  @Test
  void registryOfAnotherBoot_isABaseline() {
    RegistryHarness registry = new RegistryHarness(harness);
    SampleHive before = SampleHive.software().text("Run", "Old", "old.exe", -500);
    SampleHive after = SampleHive.software().text("Run", "New", "new.exe", 40);
    SampleHive later = SampleHive.software().text("Run", "New", "newer.exe", 65);
    registry.capture(1, 0, processes(1), List.of(List.of(system(-600).build()), before.whole()));
    registry.capture(2, 60, processes(1), List.of(List.of(system(30).build()), after.whole()));
    registry.capture(3, 70, processes(1), List.of(List.of(system(30).build()), later.whole()));

    assertThat(registry.events(2)).isEmpty();
    assertThat(harness.captures()).extracting(CaptureEvent::getKeys).containsOnly(2);
    assertThat(harness.captures())
        .extracting(CaptureEvent::getRebooted)
        .containsExactly(false, true, false);
    assertThat(registry.events(3)).singleElement().asString().startsWith("valueSet Run [New] 6e");
  }

  private static Consumer<Summary.Builder> processes(int count) {
    return summary -> {
      List<Coverage> coverage = new ArrayList<>(summary.getCoverage());
      coverage.set(0, new Coverage("processes", CoverageStatus.complete, count, null));
      Coverage registry = coverage.get(2);
      coverage.set(
          2, new Coverage("registry", registry.getStatus(), registry.getCount() - count, null));
      summary.setCoverage(coverage);
    };
  }

  @Test
  void endpointsOfAnotherBoot_areNotToldAsClosed() {
    new NetworkCapture(1, 0)
        .with(system(-600))
        .with(Sockets.listener(1, 80, noon(-500)))
        .sendTo(harness);
    new NetworkCapture(2, 60)
        .with(system(30))
        .with(Sockets.listener(1, 443, noon(40)))
        .sendTo(harness);

    assertThat(harness.networkEvents())
        .extracting(event -> event.getType() + " " + event.getLocalPort())
        .containsExactly("listeningOpened 80", "listeningOpened 443");
    assertThat(harness.networkEvents()).extracting(NetworkEvent::getNotBefore).containsOnlyNulls();
  }

  @Test
  void boot_isADocumentForTheSiem() {
    harness.capture(1, 0, system(-600));
    harness.capture(2, 60, system(30));
    assertThat(harness.siem())
        .filteredOn(doc -> doc.at("/event/action").asText().equals("guest-rebooted"))
        .singleElement()
        .satisfies(
            doc -> {
              assertThat(doc.get("@timestamp").asText()).startsWith("2026-01-02T12:00:30");
              assertThat(doc.at("/event/category").toString()).isEqualTo("[\"host\"]");
              assertThat(doc.at("/event/type").toString()).isEqualTo("[\"start\"]");
              assertThat(doc.get("message").asText())
                  .isEqualTo(
                      "the guest was rebooted at 2026-01-02T12:00:30.0000000Z before capture 2,"
                          + " which is the first of this boot");
            });
  }
}
