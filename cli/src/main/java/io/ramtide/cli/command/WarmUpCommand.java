package io.ramtide.cli.command;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import io.ramtide.cli.data.DataFolder;
import io.ramtide.cli.data.TemporaryFolder;
import io.ramtide.cli.options.BrokerOptions;
import io.ramtide.cli.options.GlobalOptions;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.timeline.TimelineReader;
import io.ramtide.testkit.SimulatedGuest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Loads what the other commands load, while the launcher records it: a later start takes the
 * classes from that record.
 */
@Command(name = "warm-up", hidden = true, header = "Used by the launcher after a build.")
final class WarmUpCommand implements Runnable {
  @Mixin private GlobalOptions global;
  @CommandLine.Spec private CommandLine.Model.CommandSpec command;

  @Override
  public void run() {
    CommandLine root = command.root().commandLine();
    root.usage(global.terminal().out());
    root.printVersionHelp(global.terminal().out());
    try (TemporaryFolder folder = TemporaryFolder.create("ramtide-warm-up")) {
      useBroker(folder.data());
      inspect(root, folder.data());
    } catch (IOException e) {
      global.terminal().warn("warm-up: " + e.getMessage());
    }
  }

  private static void useBroker(DataFolder data) {
    try (Cleanup cleanup = new Cleanup()) {
      BrokerLink link = BrokerLink.to(cleanup.add(EmbeddedBroker.open(data.broker())));
      BrokerOptions.ensureTopics(link);
      try (TimelineReader reader = new TimelineReader(link, true, record -> {})) {
        reader.poll(Duration.ofMillis(100));
      }
    }
  }

  /** Guests with something of every kind, so that every decoder is used. */
  private static void inspect(CommandLine root, DataFolder data) throws IOException {
    Path dump = data.root().resolve("guest.raw");
    SimulatedGuest.windows7(1).boot().snapshot().writeRaw(dump);
    root.execute("inspect", "--format", "json", "--what", "all", dump.toString());
    SimulatedGuest.windows10(1).boot().snapshot().writeRaw(dump);
    root.execute("inspect", "--what", "all", dump.toString());
  }
}
