package io.ramtide.cli.command;

import io.ramtide.cli.agents.CommandSender;
import io.ramtide.cli.agents.HeartbeatReader;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.options.BrokerOptions;
import io.ramtide.cli.options.Durations;
import io.ramtide.cli.options.GlobalOptions;
import io.ramtide.cli.options.HelpOption;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.cli.term.Printable;
import io.ramtide.cli.term.Terminal;
import io.ramtide.cli.timeline.Rejects;
import io.ramtide.schemas.AgentDomain;
import io.ramtide.schemas.AgentStatus;
import io.ramtide.schemas.CommandAction;
import io.ramtide.schemas.CommandOutcome;
import io.ramtide.schemas.CommandResult;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks an acquirer for something. */
@Command(
    name = "command",
    header = "Ask an acquirer for a keyframe, another interval, or to hold evidence.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      CommandCommand.Keyframe.class,
      CommandCommand.Interval.class,
      CommandCommand.Hold.class
    })
final class CommandCommand implements Runnable {
  @Mixin
  @SuppressWarnings("UnusedVariable") // The parser reads it.
  private HelpOption help;

  @Override
  public void run() {
    throw new Failure(ExitCode.USAGE, "command keyframe, command interval or command hold?");
  }

  /** What all of them have in common. */
  abstract static class Ask implements Callable<Integer> {
    @Mixin private GlobalOptions global;
    @Mixin private BrokerOptions broker;

    @Option(
        names = "--host",
        required = true,
        paramLabel = "HOST",
        description = "The acquirer's host, as `ramtide agents` shows it.")
    private String host;

    @Option(
        names = "--domain",
        paramLabel = "UUID|NAME",
        description = "Only this virtual machine (default: all that the acquirer captures).")
    private String domain;

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        defaultValue = "",
        description = "Why, for the acquirer's log.")
    private String reason;

    @Option(
        names = "--expires",
        paramLabel = "TIME",
        converter = Durations.class,
        defaultValue = "1m",
        description = "Not begun by then, it is not done any more (default: ${DEFAULT-VALUE}).")
    private Duration expires;

    @Option(names = "--no-wait", description = "Do not wait for what becomes of it.")
    private boolean noWait;

    abstract void fill(io.ramtide.schemas.Command.Builder command);

    @Override
    public Integer call() throws InterruptedException {
      Terminal terminal = global.terminal();
      try (Cleanup cleanup = new Cleanup()) {
        BrokerLink link = broker.openWithTopics(cleanup, terminal);
        try (Rejects rejects = new Rejects(link, "command");
            HeartbeatReader heartbeats = new HeartbeatReader(link, rejects)) {
          var command = build(heartbeats.latest());
          CommandSender sender = new CommandSender(link);
          sender.send(command);
          if (noWait) {
            terminal.line(command.getId());
            return 0;
          }
          return tell(sender.await(command, heartbeats, cleanup::isClosed), terminal);
        }
      }
    }

    private io.ramtide.schemas.Command build(Map<String, AgentStatus> agents) {
      AgentStatus agent = agents.get(host);
      if (agent == null && !noWait) {
        throw new Failure(
            ExitCode.NOT_DONE,
            "no acquirer on host %s has sent a heartbeat; %s"
                .formatted(
                    host,
                    agents.isEmpty()
                        ? "no other has either"
                        : "these have: " + String.join(", ", agents.keySet())));
      }
      Instant now = Instant.now();
      var command =
          io.ramtide.schemas.Command.newBuilder()
              .setId(UUID.randomUUID().toString())
              .setHost(host)
              .setDomain(domain == null ? null : uuid(agent))
              .setIssuedAt(ChronoUnit.MICROS.between(Instant.EPOCH, now))
              .setExpiresAt(ChronoUnit.MICROS.between(Instant.EPOCH, now.plus(expires)))
              .setIssuer(System.getProperty("user.name", "unknown"))
              .setReason(reason);
      fill(command);
      return command.build();
    }

    /** The domain's UUID, by its name if need be. */
    private String uuid(AgentStatus agent) {
      List<String> found =
          agent == null
              ? List.of()
              : agent.getDomains().stream()
                  .filter(each -> each.getName().equals(domain))
                  .map(AgentDomain::getDomain)
                  .toList();
      if (found.size() == 1) {
        return found.get(0);
      }
      try {
        return UUID.fromString(domain).toString();
      } catch (IllegalArgumentException e) {
        throw new Failure(
            ExitCode.NOT_DONE,
            "the acquirer on host %s captures no domain named %s; see `ramtide agents`"
                .formatted(host, domain),
            e);
      }
    }

    private int tell(Optional<CommandResult> result, Terminal terminal) {
      if (result.isEmpty()) {
        throw new Failure(
            ExitCode.NOT_DONE,
            "the acquirer on host %s did not answer; see `ramtide agents`".formatted(host));
      }
      String outcome = result.get().getOutcome().name().toLowerCase(Locale.ROOT);
      String message = result.get().getMessage();
      if (result.get().getOutcome() != CommandOutcome.DONE) {
        throw new Failure(ExitCode.NOT_DONE, outcome + ": " + message);
      }
      terminal.line(Printable.of(outcome + ": " + message));
      return 0;
    }
  }

  /** A complete capture. */
  @Command(
      name = "keyframe",
      header = "Have a complete capture made now.",
      footerHeading = "%nExamples:%n",
      footer = {"  ramtide command keyframe --host kvm07 --domain web01"})
  static final class Keyframe extends Ask {
    @Override
    void fill(io.ramtide.schemas.Command.Builder command) {
      command.setAction(CommandAction.KEYFRAME);
    }
  }

  /** Another interval. */
  @Command(
      name = "interval",
      header = "Have captures made at another interval for a while, then as before.",
      footerHeading = "%nExamples:%n",
      footer = {"  ramtide command interval --host kvm07 --domain web01 --every 250ms --for 5m"})
  static final class Interval extends Ask {
    @Option(
        names = "--every",
        required = true,
        paramLabel = "TIME",
        converter = Durations.class,
        description = "Time from one capture's start to the next one's: 50ms to 24h.")
    private Duration every;

    @Option(
        names = "--for",
        paramLabel = "TIME",
        converter = Durations.class,
        defaultValue = "5m",
        description = "How long (default: ${DEFAULT-VALUE}).")
    private Duration length;

    @Override
    void fill(io.ramtide.schemas.Command.Builder command) {
      command
          .setAction(CommandAction.INTERVAL)
          .setIntervalMillis(every.toMillis())
          .setDurationMillis(length.toMillis());
    }
  }

  /** Evidence. */
  @Command(
      name = "hold",
      header = "Have the captures that give the present RAM kept on ramtide.evidence.",
      description = {
        "",
        "Copies the records of these captures, proves the copies by the manifests' hashes, and tells"
            + " where they are. Kafka never deletes them.",
        ""
      },
      footerHeading = "%nExamples:%n",
      footer = {"  ramtide command hold --host kvm07 --domain web01 --reason 'case 4711'"})
  static final class Hold extends Ask {
    @Override
    void fill(io.ramtide.schemas.Command.Builder command) {
      command.setAction(CommandAction.HOLD);
    }
  }
}
