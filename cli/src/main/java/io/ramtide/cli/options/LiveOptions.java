package io.ramtide.cli.options;

import io.ramtide.acquirer.live.Method;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which running guests are captured, how and how often. */
public final class LiveOptions {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
  private static final String AUTOMATIC = "auto";

  @Option(
      names = "--uri",
      required = true,
      paramLabel = "URI",
      description = "The hypervisor, as libvirt names it, e.g. qemu:///system.")
  private String uri;

  @Option(
      names = "--domain",
      paramLabel = "GLOB",
      split = ",",
      description =
          "Only the guests with this name or UUID; * and ? stand for any text and any character"
              + " (default: all).")
  private List<String> domains = new ArrayList<>();

  @Option(
      names = "--every",
      paramLabel = "TIME",
      defaultValue = "1s",
      description =
          "From the begin of one capture of a guest to the begin of the next: 250ms, 1s, 5m"
              + " (default: ${DEFAULT-VALUE}).")
  private String every;

  @Option(
      names = "--captures",
      paramLabel = "N",
      description = "End after N captures of each guest, with a listing of all that it has.")
  private Long captures;

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      defaultValue = AUTOMATIC,
      completionCandidates = Methods.class,
      description =
          "How RAM is read: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}, the best one that"
              + " does not stall the guest).")
  private String method;

  /** All names, for help and completion. */
  static final class Methods implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.concat(Stream.of(AUTOMATIC), Arrays.stream(Method.values()).map(Method::text))
          .iterator();
    }
  }

  public String uri() {
    return uri;
  }

  public List<String> domains() {
    return domains;
  }

  /** Whether lines of several guests may be mixed. */
  public boolean mayBeSeveral() {
    return domains.size() != 1 || domains.get(0).matches(".*[*?].*");
  }

  /**
   * The interval.
   *
   * @throws Failure if it is none
   */
  public Duration every() {
    Matcher matcher = DURATION.matcher(every);
    if (!matcher.matches()) {
      throw new Failure(
          ExitCode.USAGE,
          "--every %s: must be a number with its unit, e.g. 250ms, 1s, 5m or 1h".formatted(every));
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  /**
   * How many captures of each guest.
   *
   * @throws Failure if it is not 1 or more
   */
  public OptionalLong captures() {
    if (captures == null) {
      return OptionalLong.empty();
    }
    if (captures < 1) {
      throw new Failure(ExitCode.USAGE, "--captures %d: must be 1 or more".formatted(captures));
    }
    return OptionalLong.of(captures);
  }

  /**
   * The method; empty: the best one.
   *
   * @throws Failure if there is none of that name
   */
  public Optional<Method> method() {
    if (method.equals(AUTOMATIC)) {
      return Optional.empty();
    }
    return Optional.of(
        Arrays.stream(Method.values())
            .filter(each -> each.text().equals(method))
            .findFirst()
            .orElseThrow(
                () ->
                    new Failure(
                        ExitCode.USAGE,
                        "--method: there is no '%s'; it is one of %s"
                            .formatted(method, String.join(", ", new Methods())))));
  }
}
