package io.ramtide.cli.command;

import io.ramtide.cli.options.BrokerOptions;
import io.ramtide.cli.options.DumpOptions;
import io.ramtide.cli.options.GlobalOptions;
import io.ramtide.cli.options.RegistryOptions;
import io.ramtide.cli.options.TimelineOptions;
import io.ramtide.cli.pipeline.OpenDumps;
import io.ramtide.cli.pipeline.Replay;
import io.ramtide.cli.render.timeline.TimelinePrinter;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Terminal;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.windows.guest.What;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Sends dumps through the whole pipeline in this JVM. */
@Command(
    name = "replay",
    header = "Send memory dumps through the pipeline and print their timeline.",
    description = {
      "",
      "Acquirer, scanner and correlator run in this process, on a real Kafka broker. Captures that an"
          + " earlier run has finished are not made again; their timeline is printed all the same.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ramtide replay guest.raw",
      "  ramtide replay --domain 6f1c...-... monday.elf tuesday.elf wednesday.elf",
      "  ramtide replay --bootstrap-servers kafka:9092 --config tls.properties guest.lime",
      "  ramtide replay --format json guest.raw | jq 'select(.kind == \"anomaly\")'"
    })
final class ReplayCommand implements Callable<Integer> {
  @Mixin private GlobalOptions global;
  @Mixin private DumpOptions dumps;
  @Mixin private BrokerOptions broker;
  @Mixin private TimelineOptions timelines;
  @Mixin private RegistryOptions registry;

  @Override
  public Integer call() throws Exception {
    Terminal terminal = global.terminal();
    Request request = registry.request(What.all());
    TimelinePrinter printer = timelines.printer(terminal, false);
    try (Cleanup cleanup = new Cleanup();
        OpenDumps open = OpenDumps.open(dumps.files(), dumps.domain(), terminal)) {
      ExitCode code =
          new Replay(terminal, printer, cleanup)
              .run(
                  open,
                  dumps.name(),
                  dumps.keyframeInterval(),
                  request,
                  broker.openWithTopics(cleanup, terminal),
                  broker.data());
      return code.code();
    }
  }
}
