package io.ramtide.testkit.windows;

import io.ramtide.testkit.x64.AddressSpace;

/** Doubly linked lists of LIST_ENTRY: Flink, then Blink, 8 bytes each. */
public final class Links {

  private static final int BLINK = 8;

  private final AddressSpace space;

  public Links(AddressSpace space) {
    this.space = space;
  }

  /** Makes an entry its own neighbour: an empty list, or an entry of none. */
  public void init(long entry) {
    space.putLong(entry, entry);
    space.putLong(entry + BLINK, entry);
  }

  public void insertTail(long head, long entry) {
    long last = space.getLong(head + BLINK);
    space.putLong(entry, head);
    space.putLong(entry + BLINK, last);
    space.putLong(last, entry);
    space.putLong(head + BLINK, entry);
  }

  /** Takes an entry out; its own links still name its old neighbours. */
  public void remove(long entry) {
    long next = space.getLong(entry);
    long previous = space.getLong(entry + BLINK);
    space.putLong(previous, next);
    space.putLong(next + BLINK, previous);
  }
}
