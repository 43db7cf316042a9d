package io.ramtide.acquirer.agent.command;

import io.ramtide.schemas.CommandResult;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The last commands and what became of them; each id counts once. */
public final class Results {
  /** As many are in a heartbeat. */
  static final int KEPT = 64;

  private static final int REMEMBERED = 4096;
  private static final int LONGEST_MESSAGE = 1000;

  private final Deque<CommandResult> newestFirst = new ArrayDeque<>();
  private final Set<String> ids = new LinkedHashSet<>();
  private final Runnable changed;

  /**
   * @param earlier of the agent that ran here before, newest first
   * @param changed is told of every new result
   */
  public Results(List<CommandResult> earlier, Runnable changed) {
    this.changed = changed;
    earlier.stream().limit(KEPT).forEach(newestFirst::addLast);
    newestFirst.forEach(result -> ids.add(result.getId()));
  }

  /** Newest first. */
  public synchronized List<CommandResult> latest() {
    return List.copyOf(newestFirst);
  }

  /** Whether the id is a new one; it is not from then on. */
  synchronized boolean claim(String id) {
    if (!ids.add(id)) {
      return false;
    }
    if (ids.size() > REMEMBERED) {
      Iterator<String> oldest = ids.iterator();
      oldest.next();
      oldest.remove();
    }
    return true;
  }

  void add(String id, Reply reply, long nowMicros) {
    String message = reply.message();
    String shown =
        message.length() <= LONGEST_MESSAGE
            ? message
            : message.substring(0, LONGEST_MESSAGE - 3) + "...";
    synchronized (this) {
      newestFirst.addFirst(new CommandResult(id, nowMicros, reply.outcome(), shown));
      if (newestFirst.size() > KEPT) {
        newestFirst.removeLast();
      }
    }
    changed.run();
  }
}
