package io.ramtide.correlator.registry;

import io.ramtide.correlator.state.KeyPath;
import io.ramtide.correlator.state.Moment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * The keys above the one that a walk in tree order is at, with what they tell of the keys below:
 * only a key whose subkeys were all read proves that another one was, or is, not there.
 */
final class Ancestors {
  /** What became of a key. */
  enum Fate {
    /** It was there before; it may be there still. */
    known,
    /** It was not there before. */
    created,
    /** Nothing was known of it before. */
    first,
    /** It was there before, and is not there now. */
    gone
  }

  /** A key above. */
  static final class Above {
    final String path;
    final Fate fate;

    /** When its subkeys were all known last, before this capture; null: never. */
    final Moment subkeysAt;

    /** As this capture has them; null: it was not read. */
    final Integer subkeys;

    /** Subkeys of it that this capture has, as far as the walk has come. */
    int seen;

    /** A subkey of it is not followed. */
    boolean left;

    /** Whether a key that is not below it now is gone; null: not looked at yet. */
    Boolean provesAbsence;

    Above(String path, Fate fate, Moment subkeysAt, Integer subkeys) {
      this.path = path;
      this.fate = fate;
      this.subkeysAt = subkeysAt;
      this.subkeys = subkeys;
    }
  }

  private final Deque<Above> above = new ArrayDeque<>();
  private final Consumer<Above> done;

  /**
   * @param done takes a key when the walk has left what is below it
   */
  Ancestors(Consumer<Above> done) {
    this.done = done;
  }

  /** The key right above; null if the walk did not come by it. */
  Above parentOf(String path) {
    while (!above.isEmpty() && !KeyPath.isWithin(path, above.peek().path)) {
      done.accept(above.pop());
    }
    return above.isEmpty() || !above.peek().path.equals(KeyPath.parent(path)) ? null : above.peek();
  }

  void push(Above key) {
    above.push(key);
  }

  /** Ends the walk. */
  void finish() {
    while (!above.isEmpty()) {
      done.accept(above.pop());
    }
  }
}
