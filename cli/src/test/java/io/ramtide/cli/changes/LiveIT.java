package io.ramtide.cli.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ramtide.cli.changes.LiveRun.Trouble;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.CaptureKind;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.MemoryDevice;
import io.ramtide.schemas.Topics;
import io.ramtide.testkit.lab.Lab;
import io.ramtide.testkit.lab.LabGuest;
import io.ramtide.testkit.ram.RamRange;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A simulated Windows in a running virtual machine changes while an agent captures it. The
 * timelines tell what happened, and nothing else, though every capture may have seen half of it,
 * and whatever happens to the hypervisor, the broker, the agent or the machine in the middle.
 */
class LiveIT {
  private static final long SEED = 3;
  private static final int ROUND = 10;

  /** An hour later: the seconds of the seed are those of the boot. */
  private static final long NEXT_BOOT = SEED + 3600;

  private static final String PRODUCE = "producer_byte_rate";

  @TempDir static Path folder;
  private static Lab lab;
  private static LivePipeline pipeline;
  private static List<RamRange> ram;
  private static List<List<String>> expected;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Lab.whyNot().isEmpty(), () -> "no lab: " + Lab.whyNot().orElseThrow());
    lab = Lab.start();
    pipeline = LivePipeline.start(folder, lab.uri());
  }

  @AfterAll
  static void end() {
    if (pipeline != null) {
      pipeline.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private static LiveRun run(LabGuest machine) throws Exception {
    if (expected == null) {
      ram = machine.ram().ranges();
      expected = LiveRun.expected(SEED, ram, 2 * ROUND, folder.resolve("expected"));
    }
    assertThat(machine.ram().ranges()).isEqualTo(ram);
    return new LiveRun(pipeline, machine, LiveRun.life(SEED, ram));
  }

  /** A round with trouble in the middle of a step is told as one without. */
  private static void check(LiveRun run, LabGuest machine, int at, Trouble trouble)
      throws Exception {
    run.steps(at);
    run.step(trouble);
    run.steps(ROUND - at - 1);
    assertThat(run.told()).containsExactlyElementsOf(expected.subList(0, ROUND));
    checkEvidence(run, machine);
  }

  private static void checkEvidence(LiveRun run, LabGuest machine) throws Exception {
    CaptureEvidence evidence = evidence(machine);
    evidence.check();
    evidence.checkMachine(machine);
    assertThat(run.middles()).doesNotHaveDuplicates();
  }

  private static CaptureEvidence evidence(LabGuest machine) throws Exception {
    return new CaptureEvidence(pipeline.cluster(), machine.uuid().toString());
  }

  @Test
  void changesOfARunningGuest_areToldOnce_andNothingElse() throws Exception {
    try (LabGuest machine = lab.guest("live-changes").start();
        LiveRun run = run(machine)) {
      run.steps(2 * ROUND);
      assertThat(run.told()).containsExactlyElementsOf(expected);
      assertThat(run.middles()).hasSize(2 * ROUND);
      checkEvidence(run, machine);
    }
  }

  @Test
  void libvirtdRestarted_changesNothing() throws Exception {
    try (LabGuest machine = lab.guest("live-libvirtd").start();
        LiveRun run = run(machine)) {
      check(run, machine, 3, lab::restartLibvirtd);
    }
  }

  @Test
  void brokerKilledAndStarted_changesNothing() throws Exception {
    try (LabGuest machine = lab.guest("live-broker").start();
        LiveRun run = run(machine)) {
      check(run, machine, 2, pipeline::startBroker);
    }
  }

  @Test
  void agentKilledInACapture_andStarted_changesNothing_andNothingIsToldOfThatCapture()
      throws Exception {
    try (LabGuest machine = lab.guest("live-agent").start();
        LiveRun run = run(machine)) {
      check(run, machine, 5, () -> killAgentInACapture(machine.uuid().toString()));
    }
  }

  /** The broker holds it back so that it is met in the middle of a capture. */
  private static void killAgentInACapture(String domain) throws Exception {
    pipeline.cluster().throttle("ramtide-acquirer", PRODUCE, 1 << 10);
    try {
      long captures;
      long pages;
      do {
        captures = pipeline.cluster().end(Topics.CAPTURES, domain);
        pages = pipeline.cluster().end(Topics.PAGES, domain);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      } while (pipeline.cluster().end(Topics.PAGES, domain) == pages
          || pipeline.cluster().end(Topics.CAPTURES, domain) != captures);
      pipeline.killAgent();
    } finally {
      pipeline.cluster().unthrottle("ramtide-acquirer", PRODUCE);
    }
    pipeline.startAgent();
  }

  @Test
  void dimmPlugged_isInTheNextCapture_andNoEvent() throws Exception {
    try (LabGuest machine = lab.guest("live-dimm").hotplugSlots(1).start();
        LiveRun run = run(machine)) {
      check(run, machine, 4, () -> plug(run, machine));
    }
  }

  private static void plug(LiveRun run, LabGuest machine) throws Exception {
    long frames = frames(run.captures().next());
    machine.plugDimm(128);
    Manifest next = run.captures().next();
    assertThat(next.getMachine().getMemoryDevices())
        .extracting(MemoryDevice::getBytes)
        .containsExactly(128L << 20);
    assertThat(frames(next)).isEqualTo(frames + (128L << 20) / 4096);
    Manifest first =
        run.captures().all().stream().filter(each -> frames(each) > frames).findFirst().get();
    assertThat(first.getKind()).isEqualTo(CaptureKind.KEYFRAME);
  }

  private static long frames(Manifest manifest) {
    return manifest.getRam().stream().mapToLong(range -> range.getFrames()).sum();
  }

  @Test
  void guestThatIsReset_isToldAsOneBoot_andItsChangesAfterIt() throws Exception {
    try (LabGuest machine = lab.guest("live-reset").start()) {
      try (LiveRun run = run(machine)) {
        run.steps(2);
        run.half(machine::reboot);
        run.windows().erase(machine);
        Manifest erased = run.captures().next();
        assertThat(run.told()).containsExactlyElementsOf(expected.subList(0, 2));
        CaptureEvent last = last(run.correlated(erased), erased);
        assertThat(last.getStatus()).isEqualTo(CaptureStatus.NO_WINDOWS);
        assertThat(run.toldSince()).isSubsetOf(expected.get(2));
      }
      try (LiveRun run =
          new LiveRun(pipeline, machine, LiveRun.life(NEXT_BOOT, machine.ram().ranges()))) {
        run.steps(ROUND);
        assertThat(run.told())
            .containsExactlyElementsOf(
                LiveRun.expected(NEXT_BOOT, ram, ROUND, folder.resolve("next")));
        Manifest end = run.captures().next();
        assertThat(run.correlated(end)).filteredOn(CaptureEvent::getRebooted).hasSize(1);
        checkEvidence(run, machine);
      }
    }
  }

  private static CaptureEvent last(List<CaptureEvent> captures, Manifest manifest) {
    return captures.stream()
        .filter(each -> each.getCapture() == manifest.getCapture())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void guestThatIsDestroyed_hasNoMoreCaptures_andTheAgentSaysSo() throws Exception {
    try (LabGuest machine = lab.guest("live-destroyed").start();
        LiveRun run = run(machine)) {
      run.steps(2);
      run.half(() -> {});
      machine.destroy();
      pipeline.agent().await("live-destroyed: it was destroyed");
      assertThat(run.told()).containsExactlyElementsOf(expected.subList(0, 2));
      assertThat(run.toldSince()).isSubsetOf(expected.get(2));
      evidence(machine).check();
    }
  }
}
