package io.ramtide.cli.options;

import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.acquirer.KeyframePolicy;
import io.ramtide.acquirer.agent.AgentOptions;
import io.ramtide.acquirer.agent.budget.Limits;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.cli.data.DataFolder;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How running guests are captured. */
public final class GuestOptions {
  private static final Set<String> ONLY_WITH_URI =
      Set.of(
          "--every",
          "--method",
          "--max-cpu",
          "--max-bandwidth",
          "--keyframes",
          "--verify-blocks",
          "--max-pause",
          "--lanes",
          "--captures",
          "--work-folder",
          "--metrics-port");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--uri",
      paramLabel = "URI",
      description = "Capture the running guests of this libvirt connection, e.g. qemu:///system.")
  private String uri;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      converter = Durations.class,
      description =
          "Time from one capture's start to the next one's, of each guest: 250ms, 1s, 5m (default:"
              + " 1s). A capture that is late is not made up for.")
  private Duration every;

  @Option(
      names = "--method",
      paramLabel = "NAME",
      converter = MethodNames.class,
      completionCandidates = MethodNames.class,
      description =
          "How RAM is read: ${COMPLETION-CANDIDATES} (default: the best of shared-memory, process"
              + " and peek that this host allows; the others stall the guest or write files).")
  private Method method;

  @Option(
      names = "--max-cpu",
      paramLabel = "PERCENT",
      description = "Processor time this process may use, percent of one processor.")
  private Double maxCpu;

  @Option(
      names = "--max-bandwidth",
      paramLabel = "RATE",
      converter = Rates.class,
      description = "Bytes a second sent to the broker, before compression: 500k, 20M, 1G.")
  private Long maxBandwidth;

  @Option(
      names = "--keyframes",
      paramLabel = "HOW",
      description =
          "rolling: each capture refreshes a share of RAM; full: a complete capture now and then"
              + " (default: rolling).")
  private Keyframes keyframes;

  @Option(
      names = "--verify-blocks",
      description =
          "Compare the SHA-256 of each block in the guest before the copy with that of the copy.")
  private boolean verifyBlocks;

  @Option(
      names = "--max-pause",
      paramLabel = "TIME",
      converter = Durations.class,
      description =
          "After that a paused guest runs on and the capture is given up (default: 10s).")
  private Duration maxPause;

  @Option(
      names = "--lanes",
      paramLabel = "N",
      description =
          "Captures of different guests at the same time (default: half the processors, at least"
              + " 1). Each needs a thread and a connection to the broker.")
  private Integer lanes;

  @Option(
      names = "--captures",
      paramLabel = "N",
      description = "End after so many captures of each guest (default: run until a signal).")
  private Long captures;

  @Option(
      names = "--work-folder",
      paramLabel = "DIR",
      description =
          "For sockets and files of the methods, and the note of whom they paused (default: live in"
              + " the --data folder). QEMU must be able to write there for snapshot, dump and"
              + " pmemsave.")
  private Path workFolder;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description = "Serve Prometheus metrics on this port of 127.0.0.1 (default: none).")
  private Integer metricsPort;

  /** Ways to keep RAM reconstructable. */
  enum Keyframes {
    rolling,
    full
  }

  /** Whether guests are to be captured, not files. */
  public boolean isGiven() {
    return uri != null;
  }

  /** An option that makes sense with --uri alone, if one is given. */
  public Optional<String> first() {
    return command.options().stream()
        .filter(option -> ONLY_WITH_URI.contains(option.longestName()))
        .filter(option -> command.commandLine().getParseResult().hasMatchedOption(option))
        .map(OptionSpec::longestName)
        .findFirst();
  }

  /** Of 127.0.0.1; 0: any free one. */
  public OptionalInt metricsPort() {
    require(
        metricsPort == null || (metricsPort >= 0 && metricsPort <= 65535),
        "--metrics-port",
        "0 to 65535");
    return metricsPort == null ? OptionalInt.empty() : OptionalInt.of(metricsPort);
  }

  /** Whether the run ends by itself. */
  public boolean isBounded() {
    return captures != null;
  }

  /**
   * All of it, for the agent.
   *
   * @param domains UUIDs or globs of names; none: every guest
   * @param keyframeInterval captures from one keyframe to the next, or all of RAM's shares
   */
  public AgentOptions agent(List<String> domains, int keyframeInterval, DataFolder data) {
    require(maxCpu == null || (maxCpu > 0 && maxCpu <= 100_000), "--max-cpu", "above 0");
    require(lanes == null || (lanes >= 1 && lanes <= 256), "--lanes", "1 to 256");
    require(captures == null || captures >= 1, "--captures", "1 or more");
    require(
        maxPause == null
            || (!maxPause.isZero() && maxPause.compareTo(Duration.ofMinutes(10)) <= 0),
        "--max-pause",
        "above 0 and at most 10m");
    KeyframePolicy policy =
        keyframes == Keyframes.full
            ? new KeyframePolicy.Every(keyframeInterval)
            : new KeyframePolicy.Rolling(keyframeInterval);
    try {
      return new AgentOptions(
          uri,
          domains,
          every == null ? AgentOptions.DEFAULT_EVERY : every,
          Optional.ofNullable(method),
          new MethodOptions(
              workFolder == null ? data.folder("live") : workFolder,
              maxPause == null ? MethodOptions.DEFAULT_MAX_PAUSE : maxPause),
          new AcquirerOptions(data.signingKey(), policy, verifyBlocks),
          new Limits(
              maxCpu == null ? OptionalDouble.empty() : OptionalDouble.of(maxCpu),
              maxBandwidth == null ? OptionalLong.empty() : OptionalLong.of(maxBandwidth)),
          lanes == null ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : lanes,
          captures == null ? OptionalLong.empty() : OptionalLong.of(captures));
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.USAGE, "--" + e.getMessage(), e);
    }
  }

  private static void require(boolean right, String option, String what) {
    if (!right) {
      throw new Failure(ExitCode.USAGE, "%s: must be %s".formatted(option, what));
    }
  }
}
