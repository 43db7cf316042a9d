package io.ramtide.cli.changes;

import io.ramtide.cli.changes.ToldEvents.Told;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.Manifest;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.lab.LabGuest;
import io.ramtide.testkit.lab.WindowsInGuest;
import io.ramtide.testkit.ram.RamRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A simulated Windows that changes in a running virtual machine, step by step. In the middle of
 * each step, at another write each time, a capture begins and ends; others come when they come.
 */
final class LiveRun implements AutoCloseable {
  /** Between two writes, so that captures fall between them. */
  private static final long WRITE_NANOS = 50_000;

  private static final int CUTS = 6;
  private static final long LIMIT_SECONDS = 90;

  private final LivePipeline pipeline;
  private final BusyLife life;
  private final WindowsInGuest windows;
  private final LiveCaptures captures;
  private final ToldEvents told;
  private final List<Long> ends = new ArrayList<>();
  private final List<Long> middles = new ArrayList<>();

  /** What happens in the middle of a step. */
  @FunctionalInterface
  interface Trouble {
    void happen() throws Exception;
  }

  /** Installs it, and waits for a capture of it. */
  LiveRun(LivePipeline pipeline, LabGuest machine, BusyLife life) throws Exception {
    this.pipeline = pipeline;
    this.life = life;
    windows = WindowsInGuest.install(machine, life.guest);
    String domain = machine.uuid().toString();
    captures = new LiveCaptures(pipeline.cluster(), domain, pipeline::agent);
    told = new ToldEvents(pipeline.cluster(), domain);
    ends.add(captures.next().getCapture());
  }

  static BusyLife life(long seed, List<RamRange> ram) {
    return new BusyLife(SimulatedGuest.windows7(seed).ram(ram));
  }

  /** Step by step, as captures of a guest that stands still tell it. */
  static List<List<String>> expected(long seed, List<RamRange> ram, int steps, Path folder)
      throws Exception {
    List<List<String>> expected = new ArrayList<>();
    BusyLife life = life(seed, ram);
    try (Captures captures = new Captures(false, Consistency.POINT_IN_TIME, folder)) {
      captures.take(life.guest.snapshot());
      for (int i = 0; i < steps; i++) {
        life.next();
        captures.take(life.guest.snapshot());
        expected.add(essences(captures.events()));
      }
    }
    return expected;
  }

  LiveCaptures captures() {
    return captures;
  }

  /** Captures that began and ended in the middle of a step. */
  List<Long> middles() {
    return middles;
  }

  void steps(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      step(() -> {});
    }
  }

  /** A step, and something that happens after its capture in the middle. */
  void step(Trouble trouble) throws Exception {
    half(trouble);
    ends.add(captures.next().getCapture());
  }

  WindowsInGuest windows() {
    return windows;
  }

  /** The same, for trouble after which there are no more captures. */
  void half(Trouble trouble) throws Exception {
    life.next();
    int step = middles.size();
    windows.catchUp(
        (done, all) -> {
          LockSupport.parkNanos(WRITE_NANOS);
          if (done == all * (1 + step % (CUTS - 1)) / CUTS) {
            interrupt(trouble);
          }
        });
  }

  private void interrupt(Trouble trouble) throws IOException {
    try {
      middles.add(captures.next().getCapture());
      trouble.happen();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  /** Waits until all timelines have the last capture, and gives what the captures brought. */
  List<CaptureEvent> correlated(Manifest last) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!told.have(last.getCapture())) {
      pipeline.check();
      if (System.nanoTime() > deadline) {
        throw new AssertionError("capture %d is not correlated".formatted(last.getCapture()));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    return told.captures();
  }

  /** What was told from the end of one step to that of the next, for each that has ended. */
  List<List<String>> told() throws Exception {
    correlated(captures.all().get(captures.all().size() - 1));
    List<List<String>> steps = new ArrayList<>();
    for (int i = 1; i < ends.size(); i++) {
      steps.add(between(ends.get(i - 1), ends.get(i)));
    }
    return steps;
  }

  /** What was told after the last step that has ended. */
  List<String> toldSince() throws Exception {
    return between(ends.get(ends.size() - 1), Long.MAX_VALUE);
  }

  private List<String> between(long from, long to) throws Exception {
    return essences(
        told.all().stream()
            .filter(event -> event.capture() > from && event.capture() <= to)
            .map(Told::text)
            .toList());
  }

  private static List<String> essences(List<String> texts) {
    return texts.stream().map(SmearedCapturesTest::essence).sorted().toList();
  }

  @Override
  public void close() {
    captures.close();
  }
}
