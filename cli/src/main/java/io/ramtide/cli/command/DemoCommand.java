package io.ramtide.cli.command;

import io.ramtide.cli.data.DataFolder;
import io.ramtide.cli.data.TemporaryFolder;
import io.ramtide.cli.demo.Demo;
import io.ramtide.cli.options.BrokerOptions;
import io.ramtide.cli.options.GlobalOptions;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the whole pipeline on a simulated guest. */
@Command(
    name = "demo",
    header = "Watch a simulated Windows guest live through an incident.",
    description = {
      "",
      "A simulated Windows 7 guest is captured a dozen times while a mail attachment brings in a"
          + " program that enters itself under a Run key, calls its server and hides itself. Acquirer, scanner and correlator run on a real broker. Without"
          + " --data, everything is in a temporary folder and gone afterwards.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ramtide demo",
      "  ramtide demo --data /tmp/demo && ramtide watch --data /tmp/demo --from beginning -n"
    })
final class DemoCommand implements Callable<Integer> {
  @Mixin private GlobalOptions global;
  @Mixin private BrokerOptions broker;

  @Override
  public Integer call() throws Exception {
    Terminal terminal = global.terminal();
    try (Cleanup cleanup = new Cleanup()) {
      DataFolder data =
          broker.isDataGiven()
              ? broker.data()
              : cleanup.add(TemporaryFolder.create("ramtide-demo")).data();
      new Demo(terminal, cleanup).run(broker.openWithTopics(data, cleanup, terminal), data);
      return 0;
    }
  }
}
