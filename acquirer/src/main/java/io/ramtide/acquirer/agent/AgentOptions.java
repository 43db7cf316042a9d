package io.ramtide.acquirer.agent;

import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.acquirer.agent.budget.Limits;
import io.ramtide.acquirer.agent.command.Orders;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * @param uri libvirt connection, e.g. qemu:///system
 * @param domains UUIDs or names with * and ?; none: every guest
 * @param every time from one capture's start to the next one's, of each domain
 * @param method none: the best one that does not stall the guest
 * @param lanes captures at the same time; each costs a thread and a Kafka producer
 * @param captures after that many of each domain the agent ends; none: it runs until it is closed
 */
public record AgentOptions(
    String uri,
    List<String> domains,
    Duration every,
    Optional<Method> method,
    MethodOptions methods,
    AcquirerOptions acquirer,
    Limits limits,
    int lanes,
    OptionalLong captures) {
  public static final Duration DEFAULT_EVERY = Duration.ofSeconds(1);

  public AgentOptions {
    domains = List.copyOf(domains);
    if (every.compareTo(Orders.SHORTEST_INTERVAL) < 0 || every.compareTo(Orders.LONGEST_INTERVAL) > 0) {
      throw new IllegalArgumentException(
          "every %d ms: must be 50 ms to 1 day".formatted(every.toMillis()));
    }
    if (lanes < 1) {
      throw new IllegalArgumentException("lanes must be 1 or more");
    }
    if (captures.isPresent() && captures.getAsLong() < 1) {
      throw new IllegalArgumentException("captures must be 1 or more");
    }
  }

  /** Every guest, each second, without limits or an end. */
  public static AgentOptions of(String uri, MethodOptions methods, AcquirerOptions acquirer) {
    return new AgentOptions(
        uri,
        List.of(),
        DEFAULT_EVERY,
        Optional.empty(),
        methods,
        acquirer,
        Limits.NONE,
        1,
        OptionalLong.empty());
  }

  public AgentOptions withDomains(List<String> wanted) {
    return new AgentOptions(
        uri, wanted, every, method, methods, acquirer, limits, lanes, captures);
  }

  public AgentOptions withEvery(Duration interval) {
    return new AgentOptions(
        uri, domains, interval, method, methods, acquirer, limits, lanes, captures);
  }

  public AgentOptions withMethod(Optional<Method> wanted) {
    return new AgentOptions(
        uri, domains, every, wanted, methods, acquirer, limits, lanes, captures);
  }

  public AgentOptions withLimits(Limits most) {
    return new AgentOptions(uri, domains, every, method, methods, acquirer, most, lanes, captures);
  }

  public AgentOptions withLanes(int number) {
    return new AgentOptions(
        uri, domains, every, method, methods, acquirer, limits, number, captures);
  }

  public AgentOptions withCaptures(OptionalLong number) {
    return new AgentOptions(uri, domains, every, method, methods, acquirer, limits, lanes, number);
  }
}
