package io.ramtide.acquirer.agent.budget;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What this process may spend.
 *
 * @param cpuPercent processor time of the whole process, percent of one processor: 100 is one
 *     processor, 250 two and a half
 * @param bytesPerSecond chunks as they are handed to the broker's client, before compression; what
 *     goes over the network is at most that, but for headers and retries
 */
public record Limits(OptionalDouble cpuPercent, OptionalLong bytesPerSecond) {
  public static final Limits NONE = new Limits(OptionalDouble.empty(), OptionalLong.empty());

  public Limits {
    if (cpuPercent.isPresent() && !(cpuPercent.getAsDouble() > 0)) {
      throw new IllegalArgumentException("cpuPercent must be above 0");
    }
    if (bytesPerSecond.isPresent() && bytesPerSecond.getAsLong() <= 0) {
      throw new IllegalArgumentException("bytesPerSecond must be above 0");
    }
  }
}
