package io.ramtide.acquirer.live.choice;

import io.ramtide.acquirer.live.Method;
import java.util.Optional;

/**
 * Whether a guest can be read in one way, now.
 *
 * @param obstacle why not, and what would help; empty if it can
 */
public record Capability(Method method, Optional<String> obstacle) {
  public boolean available() {
    return obstacle.isEmpty();
  }
}
