package io.ramtide.acquirer.agent.command;

import io.ramtide.schemas.CommandOutcome;

/** What became of a command, for one domain or as a whole. */
public record Reply(CommandOutcome outcome, String message) {
  public static Reply done(String message) {
    return new Reply(CommandOutcome.DONE, message);
  }

  public static Reply refused(String message) {
    return new Reply(CommandOutcome.REFUSED, message);
  }

  public static Reply failed(String message) {
    return new Reply(CommandOutcome.FAILED, message);
  }

  public static Reply expired(String message) {
    return new Reply(CommandOutcome.EXPIRED, message);
  }
}
