package io.ramtide.acquirer.agent.domain;

import java.util.ArrayList;
import java.util.List;

/** Commands that wait for a domain's next capture; that one answers all of them. */
final class Keyframes {
  static final int MOST = 32;

  private List<Ask> waiting = new ArrayList<>();

  /** Whether there was room for it. */
  boolean add(Ask ask) {
    return waiting.size() < MOST && waiting.add(ask);
  }

  /** All that wait; none does from then on. */
  List<Ask> take() {
    List<Ask> taken = waiting;
    waiting = new ArrayList<>();
    return taken;
  }

  /** Those that expired; they wait no more. */
  List<Ask> takeExpired(long nowMicros) {
    List<Ask> expired = waiting.stream().filter(ask -> nowMicros >= ask.expiresAt()).toList();
    waiting.removeAll(expired);
    return expired;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }
}
