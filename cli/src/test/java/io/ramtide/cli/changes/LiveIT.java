package io.ramtide.cli.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.acquirer.agent.Agent;
import io.ramtide.acquirer.agent.AgentListener;
import io.ramtide.acquirer.agent.AgentOptions;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import io.ramtide.cli.broker.TopicsAdmin;
import io.ramtide.cli.changes.ToldEvents.Told;
import io.ramtide.cli.data.DataFolder;
import io.ramtide.cli.pipeline.LocalRoles;
import io.ramtide.cli.system.Cluster;
import io.ramtide.scanner.windows.guest.KeyGlobs;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.registry.WatchList;
import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.Manifest;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.lab.Lab;
import io.ramtide.testkit.lab.LabGuest;
import io.ramtide.testkit.lab.WindowsInGuest;
import io.ramtide.testkit.ram.RamRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A simulated Windows in a running virtual machine changes while an agent captures it. The
 * timelines tell what happened, and nothing else, though every capture may have seen half of it.
 */
class LiveIT {
  private static final long SEED = 3;
  private static final Set<What> KINDS =
      Set.of(What.processes, What.hives, What.registry, What.endpoints);

  /** Between two writes, so that a step takes longer than a capture. */
  private static final long WRITE_NANOS = 100_000;

  @TempDir static Path folder;
  private static EmbeddedBroker broker;
  private static Lab lab;

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(Lab.whyNot().isEmpty(), () -> "no lab: " + Lab.whyNot().orElseThrow());
    lab = Lab.start();
    broker = EmbeddedBroker.open(folder.resolve("broker"));
    new TopicsAdmin(BrokerLink.to(broker)).create((short) 1);
  }

  @AfterAll
  static void end() {
    if (broker != null) {
      broker.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  /** Captures that are complete, in order. */
  private static final class Captured implements AgentListener {
    private final BlockingQueue<Manifest> manifests = new LinkedBlockingQueue<>();
    private final List<Exception> failures = new ArrayList<>();

    @Override
    public void captured(Manifest manifest) {
      manifests.add(manifest);
    }

    @Override
    public synchronized void failed(UUID domain, String name, Exception reason) {
      failures.add(reason);
    }

    /** The next capture that begins from now on. */
    long next() throws InterruptedException {
      long now = System.currentTimeMillis() * 1000;
      while (true) {
        Manifest manifest = manifests.poll(60, TimeUnit.SECONDS);
        if (manifest == null) {
          throw new AssertionError("no capture within a minute; failures: " + failures);
        }
        if (manifest.getStartedAt() > now) {
          return manifest.getCapture();
        }
      }
    }
  }

  @Test
  void changesOfARunningGuest_areToldOnce_andNothingElse() throws Exception {
    try (LabGuest machine = lab.guest("live-changes").start()) {
      BusyLife life = life(machine.ram().ranges());
      List<List<String>> expected = expected(machine.ram().ranges(), 2 * life.stepsInRound());
      WindowsInGuest windows = WindowsInGuest.install(machine, life.guest);
      Captured captured = new Captured();
      List<Long> ends = new ArrayList<>();
      BrokerLink link = BrokerLink.to(broker);
      DataFolder data = new DataFolder(folder.resolve("data"));
      Request request =
          new Request(KINDS, KeyGlobs.ALL, WatchList.defaults(), OptionalLong.empty());
      AgentOptions options =
          AgentOptions.of(
                  lab.uri(),
                  new MethodOptions(lab.folder(), MethodOptions.DEFAULT_MAX_PAUSE),
                  new AcquirerOptions(data.signingKey(), 16))
              .withDomains(List.of(machine.name()))
              .withEvery(Duration.ofMillis(100));
      ToldEvents told =
          new ToldEvents(new Cluster(link.bootstrapServers()), machine.uuid().toString());
      try (LocalRoles roles = LocalRoles.start(link, data, request);
          Agent agent = Agent.start(link.clientConfig(), options, captured)) {
        ends.add(captured.next());
        for (int i = 0; i < expected.size(); i++) {
          life.next();
          windows.catchUp((done, all) -> LockSupport.parkNanos(WRITE_NANOS));
          ends.add(captured.next());
        }
        await(told, ends.get(ends.size() - 1), roles);
        assertThat(agent).isNotNull();
      }
      assertThat(steps(told.all(), ends))
          .containsExactlyElementsOf(expected.stream().map(LiveIT::sorted).toList());
    }
  }

  private static BusyLife life(List<RamRange> ram) {
    return new BusyLife(SimulatedGuest.windows7(SEED).ram(ram));
  }

  /** Step by step, as captures of a guest that stands still tell it. */
  private static List<List<String>> expected(List<RamRange> ram, int steps) throws Exception {
    List<List<String>> expected = new ArrayList<>();
    BusyLife life = life(ram);
    try (Captures captures =
        new Captures(false, Consistency.POINT_IN_TIME, folder.resolve("expected"))) {
      captures.take(life.guest.snapshot());
      for (int i = 0; i < steps; i++) {
        life.next();
        captures.take(life.guest.snapshot());
        expected.add(captures.events());
      }
    }
    return expected;
  }

  private static void await(ToldEvents told, long capture, LocalRoles roles) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (!told.have(capture)) {
      roles.check();
      if (System.nanoTime() > deadline) {
        throw new AssertionError("capture %d is not correlated".formatted(capture));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  /** What was told from the end of one step to the end of the next; what the first one told not. */
  private static List<List<String>> steps(List<Told> told, List<Long> ends) {
    List<List<String>> steps = new ArrayList<>();
    for (int i = 1; i < ends.size(); i++) {
      long from = ends.get(i - 1);
      long to = ends.get(i);
      steps.add(
          sorted(
              told.stream()
                  .filter(event -> event.capture() > from && event.capture() <= to)
                  .map(Told::text)
                  .toList()));
    }
    return steps;
  }

  private static List<String> sorted(List<String> texts) {
    return texts.stream().map(SmearedCapturesTest::essence).sorted().toList();
  }
}
