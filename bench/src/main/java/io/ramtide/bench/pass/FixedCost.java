package io.ramtide.bench.pass;

import io.ramtide.acquirer.Acquirer;
import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.acquirer.KeyframePolicy;
import io.ramtide.acquirer.Progress;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import io.ramtide.cli.broker.TopicsAdmin;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/** What a capture takes besides reading: of guests so small that nothing else counts. */
final class FixedCost {
  private static final int CAPTURES = 100;
  private static final int DOMAINS = 4;
  private static final int WARM_UP = 50;
  private static final long GUEST = 1L << 20;

  void run(Path folder, PrintStream out) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.open(folder.resolve("broker"));
        MappedGuest guest = new MappedGuest(folder, GUEST)) {
      BrokerLink link = BrokerLink.to(broker);
      new TopicsAdmin(link).create((short) 1);
      AcquirerOptions options =
          new AcquirerOptions(folder.resolve("key.pem"), new KeyframePolicy.Rolling(64), false);
      try (Acquirer acquirer = Acquirer.connect(link.clientConfig(), options)) {
        out.printf(
            "| capture of 1 MiB, nothing changed | ms, min / median / 95 %% of %d |%n|---|---|%n",
            CAPTURES);
        out.printf("| one domain (target <= 30) | %s |%n", measure(acquirer, guest, 1));
        out.printf("| %d domains in turn | %s |%n", DOMAINS, measure(acquirer, guest, DOMAINS));
      }
    }
  }

  private static String measure(Acquirer acquirer, MappedGuest guest, int domains)
      throws Exception {
    double[] millis = new double[CAPTURES];
    for (int i = -WARM_UP; i < CAPTURES; i++) {
      UUID domain = new UUID(0x4000, Math.floorMod(i, domains) + 1);
      long begin = System.nanoTime();
      acquirer.capture(domain, Optional.empty(), guest, Progress.NONE);
      if (i >= 0) {
        millis[i] = (System.nanoTime() - begin) / 1e6;
      }
    }
    Arrays.sort(millis);
    return "%.1f / %.1f / %.1f"
        .formatted(millis[0], millis[CAPTURES / 2], millis[CAPTURES * 95 / 100]);
  }
}
