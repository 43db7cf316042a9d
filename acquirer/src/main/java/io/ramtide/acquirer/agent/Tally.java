package io.ramtide.acquirer.agent;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** Counts what the agent did, and knows when a bounded run is over. */
final class Tally {
  /** Failures in a row after which a bounded run gives a domain up. */
  static final int PATIENCE = 3;

  private final boolean bounded;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Map<UUID, String> running = new LinkedHashMap<>();
  private final Set<UUID> done = new HashSet<>();
  private final Set<UUID> captured = new HashSet<>();
  private final List<String> unfinished = new ArrayList<>();
  private long captures;
  private long failures;
  private Exception lastFailure;
  private Exception lastOfNone;
  private Throwable death;

  /**
   * @param bounded whether the run is over once every domain has ended
   */
  Tally(boolean bounded) {
    this.bounded = bounded;
  }

  synchronized void appeared(UUID domain, String name) {
    running.put(domain, name);
  }

  synchronized void captured(UUID domain) {
    captures++;
    if (bounded) {
      captured.add(domain);
    }
  }

  synchronized void failed(UUID domain, Exception why) {
    failures++;
    lastFailure = why;
    if (!captured.contains(domain)) {
      lastOfNone = why;
    }
  }

  synchronized void ended(UUID domain, boolean complete) {
    String name = running.remove(domain);
    if (bounded) {
      done.add(domain);
      if (!complete) {
        unfinished.add(name);
      }
      if (running.isEmpty()) {
        over.countDown();
      }
    }
  }

  /** Whether a bounded run is through with the domain. */
  synchronized boolean isDone(UUID domain) {
    return done.contains(domain);
  }

  /** The agent cannot go on. */
  synchronized void died(Throwable why) {
    death = death == null ? why : death;
    over.countDown();
  }

  /** The agent is closed. */
  synchronized void close() {
    if (bounded) {
      unfinished.addAll(running.values());
      running.clear();
    }
    over.countDown();
  }

  AgentOutcome await() throws InterruptedException {
    over.await();
    synchronized (this) {
      if (death != null) {
        throw new IllegalStateException("the acquirer cannot go on: " + death, death);
      }
      return new AgentOutcome(
          captures,
          failures,
          unfinished,
          Optional.ofNullable(lastOfNone == null ? lastFailure : lastOfNone));
    }
  }
}
