package io.ramtide.bench.live;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import io.ramtide.cli.broker.TopicsAdmin;
import io.ramtide.cli.data.DataFolder;
import io.ramtide.cli.options.RegistryOptions;
import io.ramtide.cli.pipeline.LocalRoles;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.lab.Lab;
import io.ramtide.testkit.ram.RamRange;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * How long it takes from a change in a guest's RAM to the event on the timeline: acquirer, broker,
 * scanner and correlator in this JVM, as in `ramtide monitor`.
 */
public final class LiveBench {
  private static final long RAM = 1L << 30;
  private static final long OWN_RAM = RAM / 4;
  private static final int PROGRAMS = 120;
  private static final int KEYS = 20_000;
  private static final int ENDPOINTS = 100;

  private static final Duration INTERVAL = Duration.ofMillis(250);
  private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("live.warmup", 20));
  private static final Duration MEASURED =
      Duration.ofSeconds(Integer.getInteger("live.seconds", 40));

  /** Of a guest at work: 4 MiB/s. */
  private static final int DIRTY_PAGES = 256;

  private static final int SYSTEM = 4;

  /** Captures that are between acquirer and correlator when all is well. */
  private static final int ON_THEIR_WAY = 2;

  /** All of RAM within a minute; whole keyframes would hold up what happens meanwhile. */
  static final int ROLLING = 240;

  /** Runs it and prints its tables. */
  public void run(Path folder, PrintStream out) throws Exception {
    try (Machine machine = machine(out)) {
      out.printf("1 GiB; %s%n%n", machine.what());
      DataFolder data = new DataFolder(folder.resolve("live"));
      try (EmbeddedBroker broker = EmbeddedBroker.open(data.broker())) {
        BrokerLink link = BrokerLink.to(broker);
        new TopicsAdmin(link).create((short) 1);
        try (LocalRoles roles = LocalRoles.start(link, data, RegistryOptions.standard())) {
          measure(machine, link, data, roles, out);
        }
      }
    }
  }

  private static Machine machine(PrintStream out) throws IOException {
    Optional<String> missing = Lab.whyNot();
    if (missing.isEmpty()) {
      return new QemuMachine((int) (RAM >> 20), OWN_RAM, LiveBench::boot);
    }
    out.printf("No QEMU guest can be started here: %s.%n%n", missing.get());
    Path file = Files.createTempFile(Path.of("/dev/shm"), "ramtide-live", ".ram");
    List<RamRange> ram =
        List.of(new RamRange(0, 0xa0000), new RamRange(0x100000, OWN_RAM - 0x100000));
    return new SharedGuest(boot(ram), RAM, file);
  }

  private static SimulatedGuest boot(List<RamRange> ram) {
    SimulatedGuest guest = SimulatedGuest.windows10(1).ram(ram).bulkRegistry(KEYS, 3).boot();
    for (int i = 0; i < PROGRAMS; i++) {
      guest.start("svchost.exe", SYSTEM);
    }
    guest.network().bulk(ENDPOINTS);
    return guest;
  }

  private static void measure(
      Machine machine, BrokerLink link, DataFolder data, LocalRoles roles, PrintStream out)
      throws Exception {
    Told told = new Told(link);
    Scenario scenario = new Scenario(machine.guest());
    machine.flush();
    Captures captures = machine.capture(link, data, INTERVAL);
    List<Stages.Change> changes;
    Map<String, Double> percent;
    long first;
    long last;
    try (captures) {
      while (told.correlated.isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(50);
        captures.check();
        roles.check();
      }
      change(machine, scenario, WARM_UP);
      awaitCorrelated(told, roles, captures, ON_THEIR_WAY);
      Shares shares = new Shares();
      first = captures.ends.size();
      changes = change(machine, scenario, MEASURED);
      percent = shares.percent();
      last = captures.ends.size();
      Thread.sleep(5 * INTERVAL.toMillis());
      captures.check();
    }
    awaitCorrelated(told, roles, captures, 0);
    told.close();
    new Stages(changes, captures.starts, told).print(out);
    printRates(out, first, last, captures, told);
    out.printf("%n| role | %% of one processor |%n|---|---|%n");
    percent.forEach((role, share) -> out.printf(Locale.ROOT, "| %s | %.0f |%n", role, share));
  }

  private static void awaitCorrelated(Told told, LocalRoles roles, Captures captures, int behind)
      throws InterruptedException {
    long until = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (told.correlated.size() + behind < captures.ends.size() && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(50);
      roles.check();
    }
  }

  /** Changes come at any time between two captures: on average two a second. */
  private static List<Stages.Change> change(Machine machine, Scenario scenario, Duration length)
      throws InterruptedException, IOException {
    Random random = new Random(2);
    List<Stages.Change> changes = new ArrayList<>();
    long end = System.nanoTime() + length.toNanos();
    long last = System.nanoTime();
    while (last < end) {
      Thread.sleep(300 + random.nextInt(400));
      machine.work(DIRTY_PAGES * 2);
      long now = System.nanoTime();
      String what = scenario.next(Duration.ofNanos(now - last));
      last = now;
      changes.add(new Stages.Change(what, machine.flush()));
    }
    return changes;
  }

  private static void printRates(
      PrintStream out, long first, long last, Captures captures, Told told) {
    int behind = 0;
    for (long number = first + 1; number <= last; number++) {
      long done = number;
      while (done > 1
          && told.correlated.getOrDefault(done, Long.MAX_VALUE) > captures.ends.get(number)) {
        done--;
      }
      behind = Math.max(behind, (int) (number - done));
    }
    double seconds = (captures.ends.get(last) - captures.ends.get(first)) / 1e9;
    out.printf(
        Locale.ROOT,
        "(%.2f captures a second where %.2f were asked for; at most %d on their way at once; %s"
            + " findings in the last one)%n",
        (last - first) / seconds,
        1e9 / INTERVAL.toNanos(),
        behind,
        told.findings.get(last));
    told.incomplete.forEach(
        (why, count) -> out.printf("(incomplete in %d captures: %s)%n", count, why));
  }
}
