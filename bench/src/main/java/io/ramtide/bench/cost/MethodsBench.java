package io.ramtide.bench.cost;

import io.ramtide.acquirer.libvirt.Hypervisor;
import io.ramtide.acquirer.libvirt.LibvirtGuest;
import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.live.choice.Methods;
import io.ramtide.acquirer.pages.CapturePass;
import io.ramtide.acquirer.pages.PassBuffer;
import io.ramtide.acquirer.pages.PassOptions;
import io.ramtide.acquirer.pages.RamStates;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.bench.live.Filler;
import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.SessionId;
import io.ramtide.testkit.lab.Backing;
import io.ramtide.testkit.lab.Lab;
import io.ramtide.testkit.lab.LabGuest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Every method on a guest of its own: how fast it is, and what the guest and QEMU feel of it. */
public final class MethodsBench {
  private static final int MIB = 256;
  private static final int CAPTURES = 3;
  private static final double SLOW_SECONDS = 2;
  private static final long FIRST_FILLED = 16L << 20;
  private static final long QUIET_MILLIS = 1000;
  private static final CapturePass.Identity IDENTITY =
      new CapturePass.Identity(new UUID(0, 1), 1, new SessionId(new byte[16]));

  private final PassBuffer buffer = new PassBuffer();

  /** Runs it and prints its table. */
  public void run(Path folder, PrintStream out) throws Exception {
    Optional<String> missing = Lab.whyNot();
    if (missing.isPresent()) {
      out.printf("Not measured: %s.%n", missing.get());
      return;
    }
    out.printf(
        "A guest of %d MiB, half of it touched, whose program counts without a pause; TCG.%n%n",
        MIB);
    out.printf(
        "| method | RAM | MiB/s, best of at most %d | longest stall, ms | class | QEMU's memory grows by, MiB |%n"
            + "|---|---|---|---|---|---|%n",
        CAPTURES);
    try (Lab lab = Lab.start();
        Hypervisor hypervisor = Hypervisor.connect(lab.uri(), event -> {})) {
      for (Backing backing : List.of(Backing.MEMFD, Backing.ANONYMOUS)) {
        quiet(lab, backing, out);
        for (Method method : Method.values()) {
          row(lab, hypervisor, backing, method, out);
        }
      }
    }
  }

  private static String text(Backing backing) {
    return backing.name().toLowerCase(Locale.ROOT);
  }

  /** What the watch sees of a guest that nothing happens to: the noise in the stalls. */
  private static void quiet(Lab lab, Backing backing, PrintStream out) throws Exception {
    try (LabGuest guest = start(lab, backing, "quiet");
        GuestWatch watch = new GuestWatch(guest)) {
      Thread.sleep(QUIET_MILLIS);
      watch.stop();
      out.printf(
          Locale.ROOT,
          "| none, for 1 s | %s | | %.0f | | %.0f |%n",
          text(backing),
          watch.longestStallMillis(),
          watch.grownMib());
    }
  }

  private static LabGuest start(Lab lab, Backing backing, String what) throws IOException {
    String name = "bench-%s-%s".formatted(what, text(backing));
    LabGuest guest = lab.guest(name).memoryMib(MIB).backing(backing).start();
    new Filler(FIRST_FILLED, (long) MIB << 20, guest.ram()::write);
    guest.hurry();
    return guest;
  }

  private void row(Lab lab, Hypervisor hypervisor, Backing backing, Method method, PrintStream out)
      throws Exception {
    out.printf("| `%s` | %s ", method.text(), text(backing));
    try (LabGuest guest = start(lab, backing, method.text())) {
      LibvirtGuest live = hypervisor.find(guest.uuid()).orElseThrow();
      Path work = Files.createDirectories(lab.folder().resolve("work"));
      MethodOptions options = new MethodOptions(work, MethodOptions.DEFAULT_MAX_PAUSE);
      try (CaptureMethod made = Methods.choose(live, Optional.of(method), options);
          GuestWatch watch = new GuestWatch(guest)) {
        Consistency consistency = null;
        double best = 0;
        for (int i = 0; i < CAPTURES; i++) {
          long begin = System.nanoTime();
          consistency = capture(made);
          double seconds = (System.nanoTime() - begin) / 1e9;
          best = Math.max(best, MIB / seconds);
          if (seconds > SLOW_SECONDS) {
            break;
          }
        }
        watch.stop();
        out.printf(
            Locale.ROOT,
            "| %.0f | %.0f | %s | %.0f |%n",
            best,
            watch.longestStallMillis(),
            consistency == Consistency.LIVE ? "live" : "point in time",
            watch.grownMib());
      }
    } catch (IOException e) {
      out.printf("| cannot: %s | | | |%n", String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
    }
  }

  /** A keyframe, without a broker. */
  private Consistency capture(CaptureMethod method) throws Exception {
    try (MemorySource source = method.open()) {
      new CapturePass(
              source,
              new RamStates(source.ram()),
              PassOptions.USUAL,
              buffer,
              IDENTITY,
              chunk -> {},
              (done, total) -> {})
          .run();
      source.finish();
      return source.description().consistency();
    }
  }
}
