package io.ramtide.bench.cost;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import io.ramtide.cli.broker.TopicsAdmin;
import io.ramtide.testkit.lab.Lab;
import io.ramtide.testkit.lab.LabGuest;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ramtide acquire --uri} under a heap limit of 128 MiB and 8 bytes a page of the guest: it
 * must not need more.
 */
public final class AgentBench {
  private static final int FIXED_MIB = 128;
  private static final int CAPTURES = 4;
  private static final long FRAME = 4096;
  private static final Pattern AFTER_COLLECTION = Pattern.compile("->(\\d+)M\\(");

  /**
   * The agent remembers frames in blocks of 4096, and takes memory for a whole block if one of its
   * pages is not zero: a page in each makes it remember all RAM, and takes little of this host's.
   */
  private static final long SPARSE = 1024 * FRAME;

  /** Runs it and prints its table. */
  public void run(Path folder, PrintStream out) throws Exception {
    Optional<String> missing = Lab.whyNot();
    if (missing.isPresent()) {
      out.printf("Not measured: %s.%n", missing.get());
      return;
    }
    out.printf(
        "| guest | touched | heap limit | `acquire --uri`, %d captures | heap after a collection, at"
            + " most |%n|---|---|---|---|---|%n",
        CAPTURES);
    try (Lab lab = Lab.start();
        EmbeddedBroker broker = EmbeddedBroker.open(folder.resolve("agent-broker"))) {
      BrokerLink link = BrokerLink.to(broker);
      new TopicsAdmin(link).create((short) 1);
      row(lab, folder, link, 2, FRAME, out);
      row(lab, folder, link, 16, SPARSE, out);
    }
  }

  private static void row(
      Lab lab, Path folder, BrokerLink link, int gib, long step, PrintStream out) throws Exception {
    try (LabGuest guest = lab.guest("bench-%dg".formatted(gib)).memoryMib(gib << 10).start()) {
      touch(guest, step);
      int heap = FIXED_MIB + gib * 2; // 8 bytes of each 4 KiB.
      File collections = folder.resolve("gc%d.log".formatted(gib)).toFile();
      File log = folder.resolve("agent%d.log".formatted(gib)).toFile();
      String java = "-Xmx%dm -Xlog:gc:file=%s".formatted(heap, collections);
      long begin = System.nanoTime();
      int exit;
      try (AgentProcess agent =
          new AgentProcess(
              lab,
              guest,
              folder.resolve("data" + gib),
              link.bootstrapServers(),
              java,
              log,
              "--every",
              "1s",
              "--captures",
              Integer.toString(CAPTURES))) {
        exit = agent.waitFor();
      }
      out.printf(
          Locale.ROOT,
          "| %d GiB | %s | %d MiB | exit code %d, %.1f s | %d MiB |%n",
          gib,
          step == FRAME ? "all of it" : "1 page in %d".formatted(step / FRAME),
          heap,
          exit,
          (System.nanoTime() - begin) / 1e9,
          most(collections));
      if (exit != 0) {
        out.printf("%n```%n%s```%n%n", Files.readString(log.toPath()));
      }
    }
  }

  /** A number in each page, which compresses well: this is no measure of speed. */
  private static void touch(LabGuest guest, long step) throws IOException {
    long first = 16L << 20;
    for (var range : guest.ram().ranges()) {
      int bytes = step == FRAME ? 1 << 20 : Long.BYTES;
      for (long at = Math.max(first, range.start());
          at < range.end();
          at += Math.max(step, bytes)) {
        ByteBuffer content = ByteBuffer.allocate(bytes);
        for (int offset = 0; offset < bytes; offset += (int) FRAME) {
          content.putLong(offset, at + offset);
        }
        guest.ram().write(at, content.array());
      }
    }
  }

  private static long most(File collections) throws IOException {
    Matcher matcher = AFTER_COLLECTION.matcher(Files.readString(collections.toPath()));
    long most = 0;
    while (matcher.find()) {
      most = Math.max(most, Long.parseLong(matcher.group(1)));
    }
    return most;
  }
}
