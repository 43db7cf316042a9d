package io.ramtide.correlator.registry;

/** How many further keys of a domain may be followed. */
final class KeyRoom {
  private final int most;
  private int used;
  private int refused;

  KeyRoom(int most, int used) {
    this.most = most;
    this.used = used;
  }

  /** Whether there is room for one more, which then is used. */
  boolean take() {
    if (used >= most) {
      refused++;
      return false;
    }
    used++;
    return true;
  }

  /** A key is followed no more. */
  void give() {
    used--;
  }

  void give(int keys) {
    used -= keys;
  }

  int used() {
    return used;
  }

  int refused() {
    return refused;
  }
}
