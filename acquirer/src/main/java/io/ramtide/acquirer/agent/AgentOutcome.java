package io.ramtide.acquirer.agent;

import java.util.List;
import java.util.Optional;

/**
 * What an agent did in all.
 *
 * @param captures that exist
 * @param failures captures that were given up
 * @param unfinished names of the domains that did not get the captures asked for
 * @param lastFailure of a domain that got none at all, else of any
 */
public record AgentOutcome(
    long captures, long failures, List<String> unfinished, Optional<Exception> lastFailure) {
  public AgentOutcome {
    unfinished = List.copyOf(unfinished);
  }
}
