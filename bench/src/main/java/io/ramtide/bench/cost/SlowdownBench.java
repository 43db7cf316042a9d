package io.ramtide.bench.cost;

import io.ramtide.bench.Rounds;
import io.ramtide.bench.live.Filler;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import io.ramtide.cli.broker.TopicsAdmin;
import io.ramtide.testkit.lab.Lab;
import io.ramtide.testkit.lab.LabGuest;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How much slower a busy guest is while an agent captures it: rounds with the agent and rounds in
 * which it is stopped alternate. QEMU has a processor for itself where there are two, so that what
 * the agent takes is told apart from what it costs the guest.
 */
public final class SlowdownBench {
  private static final int MIB = 1024;
  private static final int PAIRS = Integer.getInteger("slowdown.pairs", 7);
  private static final long ROUND_MILLIS = 3000;
  private static final long FIRST_FILLED = 16L << 20;

  private record Round(double rate, double ownRate, double agentSeconds) {}

  /** Runs it and prints its table. */
  public void run(Path folder, PrintStream out) throws Exception {
    Optional<String> missing = Lab.whyNot();
    if (missing.isPresent()) {
      out.printf("Not measured: %s.%n", missing.get());
      return;
    }
    try (Lab lab = Lab.start();
        LabGuest guest = lab.guest("bench-busy").memoryMib(MIB).start();
        EmbeddedBroker broker = EmbeddedBroker.open(folder.resolve("slowdown"))) {
      BrokerLink link = BrokerLink.to(broker);
      new TopicsAdmin(link).create((short) 1);
      new Filler(FIRST_FILLED, (long) MIB << 20, guest.ram()::write);
      File log = folder.resolve("agent.log").toFile();
      try (AgentProcess agent =
          new AgentProcess(
              lab, guest, folder, link.bootstrapServers(), "", log, "--every", "1s", "--verbose")) {
        String where = pin(lab, guest, agent);
        awaitCaptures(log, agent);
        guest.hurry();
        measure(guest, agent, where, out);
      } finally {
        if (Runtime.getRuntime().availableProcessors() > 1) {
          Processes.pin(ProcessHandle.current().pid(), all());
        }
      }
    }
  }

  /** All but QEMU runs on the first half of the processors. */
  private static String pin(Lab lab, LabGuest guest, AgentProcess agent)
      throws IOException, InterruptedException {
    int processors = Runtime.getRuntime().availableProcessors();
    if (processors < 2) {
      return "guest and agent share one processor";
    }
    String rest = "0-" + (processors - 2);
    Processes.pin(guest.pid(), Integer.toString(processors - 1));
    Processes.pin(agent.pid(), rest);
    Processes.pin(ProcessHandle.current().pid(), rest);
    Processes.pin(
        Long.parseLong(Files.readString(lab.folder().resolve("libvirtd.pid")).strip()), rest);
    return "QEMU has processor %d for itself; agent, broker and libvirtd have %s"
        .formatted(processors - 1, rest);
  }

  private static String all() {
    return "0-" + (Runtime.getRuntime().availableProcessors() - 1);
  }

  /** Until it is warm. */
  private static void awaitCaptures(File log, AgentProcess agent)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + 60_000_000_000L;
    while (Files.readString(log.toPath()).split(": capture ", -1).length < 6) {
      if (!agent.isAlive() || System.nanoTime() > until) {
        throw new IOException("the agent does not capture: " + Files.readString(log.toPath()));
      }
      Thread.sleep(100);
    }
  }

  private static void measure(LabGuest guest, AgentProcess agent, String where, PrintStream out)
      throws IOException, InterruptedException {
    Round[] captured = new Round[PAIRS];
    Round[] alone = new Round[PAIRS];
    round(guest, agent);
    for (int i = 0; i < PAIRS; i++) {
      captured[i] = round(guest, agent);
      Processes.signal(agent.pid(), "STOP");
      alone[i] = round(guest, agent);
      Processes.signal(agent.pid(), "CONT");
      Thread.sleep(1000); // What it missed is behind it.
    }
    double[] with = Arrays.stream(captured).mapToDouble(Round::rate).toArray();
    double[] without = Arrays.stream(alone).mapToDouble(Round::rate).toArray();
    out.printf(
        "%d MiB, half of it full of random pages; shared-memory, every 1 s; %s%n%n", MIB, where);
    out.printf("| a busy guest, %d pairs of rounds of 3 s | |%n|---|---|%n", PAIRS);
    out.printf("| its loops a second, not captured | %.0f |%n", Rounds.median(without));
    out.printf("| captured at 1 Hz | %.0f |%n", Rounds.median(with));
    out.printf(
        "| slowdown, %%, min / median / max (target <= 2) | %s |%n", slowdown(with, without));
    out.printf(
        "| slowdown per second of QEMU's own processor time, %% | %s |%n",
        slowdown(
            Arrays.stream(captured).mapToDouble(Round::ownRate).toArray(),
            Arrays.stream(alone).mapToDouble(Round::ownRate).toArray()));
    out.printf(
        "| noise: a round without captures against the next one without, %% | %s |%n",
        slowdown(Arrays.copyOfRange(without, 0, PAIRS - 1), Arrays.copyOfRange(without, 1, PAIRS)));
    out.printf(
        Locale.ROOT,
        "| the agent's own processor time, %% of one, min / median / max | %s |%n",
        percent(Arrays.stream(captured).mapToDouble(Round::agentSeconds).toArray()));
  }

  private static Round round(LabGuest guest, AgentProcess agent)
      throws IOException, InterruptedException {
    long pid = guest.pid();
    double agentBefore = Processes.seconds(agent.pid());
    double ownBefore = Processes.seconds(pid);
    long counterBefore = guest.counter();
    long begun = System.nanoTime();
    Thread.sleep(ROUND_MILLIS);
    long loops = guest.counter() - counterBefore;
    double seconds = (System.nanoTime() - begun) / 1e9;
    double own = Processes.seconds(pid) - ownBefore;
    double agentSeconds = Processes.seconds(agent.pid()) - agentBefore;
    return new Round(loops / seconds, loops / own, agentSeconds / seconds);
  }

  private static String slowdown(double[] with, double[] without) {
    double[] percent = new double[with.length];
    for (int i = 0; i < percent.length; i++) {
      percent[i] = 1 - with[i] / without[i];
    }
    return percent(percent);
  }

  private static String percent(double[] shares) {
    double[] sorted = shares.clone();
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "%.1f / %.1f / %.1f",
        100 * sorted[0],
        100 * sorted[sorted.length / 2],
        100 * sorted[sorted.length - 1]);
  }
}
