package io.ramtide.bench.live;

import io.ramtide.acquirer.Acquirer;
import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.acquirer.KeyframePolicy;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import io.ramtide.cli.broker.TopicsAdmin;
import io.ramtide.cli.data.DataFolder;
import io.ramtide.cli.options.RegistryOptions;
import io.ramtide.cli.pipeline.LocalRoles;
import io.ramtide.testkit.SimulatedGuest;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
  private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("live.warmup", 30));
  private static final Duration MEASURED =
      Duration.ofSeconds(Integer.getInteger("live.seconds", 60));

  /** Of a guest at work: 4 MiB/s. */
  private static final int DIRTY_PAGES = 256;

  private static final int SYSTEM = 4;

  /** Captures that are between acquirer and correlator when all is well. */
  private static final int ON_THEIR_WAY = 2;

  /** Runs it and prints its tables. */
  public void run(Path folder, PrintStream out) throws Exception {
    Path file = Files.createTempFile(Path.of("/dev/shm"), "ramtide-live", ".ram");
    try {
      SharedGuest guest = new SharedGuest(boot(), RAM, file);
      DataFolder data = new DataFolder(folder.resolve("live"));
      try (EmbeddedBroker broker = EmbeddedBroker.open(data.broker())) {
        BrokerLink link = BrokerLink.to(broker);
        new TopicsAdmin(link).create((short) 1);
        AcquirerOptions options =
            new AcquirerOptions(
                data.signingKey(),
                // All of RAM within a minute; whole keyframes would hold up what happens meanwhile.
                new KeyframePolicy.Rolling(240),
                false);
        try (LocalRoles roles = LocalRoles.start(link, data, RegistryOptions.standard());
            Acquirer acquirer = Acquirer.connect(link.clientConfig(), options)) {
          measure(guest, new CaptureLoop(acquirer, guest, INTERVAL), new Told(link), roles, out);
        }
      }
    } finally {
      Files.delete(file);
    }
  }

  private static SimulatedGuest boot() {
    SimulatedGuest guest = SimulatedGuest.windows10(1).ram(OWN_RAM).bulkRegistry(KEYS, 3).boot();
    for (int i = 0; i < PROGRAMS; i++) {
      guest.start("svchost.exe", SYSTEM);
    }
    guest.network().bulk(ENDPOINTS);
    return guest;
  }

  private static void measure(
      SharedGuest guest, CaptureLoop loop, Told told, LocalRoles roles, PrintStream out)
      throws InterruptedException {
    Scenario scenario = new Scenario(guest.guest());
    guest.flush();
    Thread captures = start("acquirer-loop", loop);
    Thread consumer = start("bench-consumer", told);
    while (told.correlated.isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(50);
      loop.check();
      roles.check();
    }
    change(guest, scenario, WARM_UP);
    awaitCorrelated(told, roles, loop, ON_THEIR_WAY);
    Shares shares = new Shares();
    long first = loop.ends.size();
    List<Stages.Change> changes = change(guest, scenario, MEASURED);
    Map<String, Double> percent = shares.percent();
    long last = loop.ends.size();
    Thread.sleep(5 * INTERVAL.toMillis());
    loop.stop();
    captures.join();
    awaitCorrelated(told, roles, loop, 0);
    told.stop();
    consumer.join();
    loop.check();
    new Stages(changes, loop.starts, told).print(out);
    printRates(out, first, last, loop, told);
    out.printf("%n| role | %% of one processor |%n|---|---|%n");
    percent.forEach((role, share) -> out.printf(Locale.ROOT, "| %s | %.0f |%n", role, share));
  }

  private static void awaitCorrelated(Told told, LocalRoles roles, CaptureLoop loop, int behind)
      throws InterruptedException {
    long until = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (told.correlated.size() + behind < loop.ends.size() && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(50);
      roles.check();
    }
  }

  private static Thread start(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Changes come at any time between two captures: on average two a second. */
  private static List<Stages.Change> change(SharedGuest guest, Scenario scenario, Duration length)
      throws InterruptedException {
    Random random = new Random(2);
    List<Stages.Change> changes = new ArrayList<>();
    long end = System.nanoTime() + length.toNanos();
    long last = System.nanoTime();
    while (last < end) {
      Thread.sleep(300 + random.nextInt(400));
      guest.work(DIRTY_PAGES * 2);
      long now = System.nanoTime();
      String what = scenario.next(Duration.ofNanos(now - last));
      last = now;
      changes.add(new Stages.Change(what, guest.flush()));
    }
    return changes;
  }

  private static void printRates(
      PrintStream out, long first, long last, CaptureLoop loop, Told told) {
    int behind = 0;
    for (long number = first + 1; number <= last; number++) {
      long done = number;
      while (done > 1
          && told.correlated.getOrDefault(done, Long.MAX_VALUE) > loop.ends.get(number)) {
        done--;
      }
      behind = Math.max(behind, (int) (number - done));
    }
    double seconds = (loop.ends.get(last) - loop.ends.get(first)) / 1e9;
    out.printf(
        Locale.ROOT,
        "(%.2f captures a second where %.2f were asked for; at most %d on their way at once; %s"
            + " findings in the last one)%n",
        (last - first) / seconds,
        1e9 / INTERVAL.toNanos(),
        behind,
        told.findings.get(last));
    told.incomplete.forEach(
        (why, captures) -> out.printf("(incomplete in %d captures: %s)%n", captures, why));
  }
}
