package io.ramtide.acquirer.agent.command;

import io.ramtide.schemas.CommandOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A command at work: it has become something once every domain has answered. */
final class CommandTask {
  /** So that a command to a thousand domains has a readable result. */
  private static final int MESSAGES = 8;

  private final Consumer<Reply> whole;
  private final List<Reply> replies = new ArrayList<>();
  private int missing;

  CommandTask(int domains, Consumer<Reply> whole) {
    missing = domains;
    this.whole = whole;
  }

  /** One domain's answer. */
  void answer(Reply reply) {
    synchronized (this) {
      replies.add(reply);
      if (--missing != 0) {
        return;
      }
    }
    whole.accept(summary());
  }

  /** The worst outcome, what went wrong first. */
  private Reply summary() {
    List<Reply> worstFirst = new ArrayList<>(replies);
    worstFirst.sort((a, b) -> Integer.compare(rank(b.outcome()), rank(a.outcome())));
    List<String> messages =
        new ArrayList<>(worstFirst.stream().limit(MESSAGES).map(Reply::message).toList());
    if (worstFirst.size() > MESSAGES) {
      messages.add("and %d more domains".formatted(worstFirst.size() - MESSAGES));
    }
    return new Reply(worstFirst.get(0).outcome(), String.join("; ", messages));
  }

  private static int rank(CommandOutcome outcome) {
    return switch (outcome) {
      case DONE -> 0;
      case EXPIRED -> 1;
      case REFUSED, UNKNOWN -> 2;
      case FAILED -> 3;
    };
  }
}
