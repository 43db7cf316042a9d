package io.ramtide.correlator.registry;

import io.ramtide.correlator.registry.Ancestors.Above;
import io.ramtide.correlator.registry.Ancestors.Fate;
import io.ramtide.correlator.state.HiveKeys;
import io.ramtide.correlator.state.KeyPath;
import io.ramtide.correlator.state.KeyState;
import io.ramtide.correlator.state.Moment;
import java.util.ArrayList;
import java.util.List;

/**
 * Goes through the keys of one hive in tree order, compares what is known with what a capture has,
 * tells the changes and writes what is known from then on.
 */
final class HiveWalk {
  private final HiveKeys known;
  private final HiveKeys open;
  private final HiveKeys gone;
  private final HiveChanges changes;
  private final Moment asOf;
  private final KeyRoom room;
  private final Ancestors ancestors = new Ancestors(this::leave);
  private boolean isWhole;

  /**
   * @param known keys as they are known; they become those after the capture
   * @param open keys that the capture has
   * @param gone keys that the capture says are gone
   * @param changes takes them
   * @param asOf when the keys were as they are known, where they do not say themselves; null: none
   *     is known
   * @param room for further keys
   */
  HiveWalk(
      HiveKeys known,
      HiveKeys open,
      HiveKeys gone,
      HiveChanges changes,
      Moment asOf,
      KeyRoom room) {
    this.known = known;
    this.open = open;
    this.gone = gone;
    this.changes = changes;
    this.asOf = asOf;
    this.room = room;
  }

  /** The capture has all keys that could be read: what it has not may be gone. */
  void whole() {
    isWhole = true;
    try (HiveKeys.Cursor before = known.all();
        HiveKeys.Cursor now = open.all()) {
      HiveKeys.Entry old = before.next();
      HiveKeys.Entry reading = now.next();
      while (old != null || reading != null) {
        int order = order(old, reading);
        if (order < 0) {
          missing(old.path(), old.key());
        } else {
          found(reading.path(), order == 0 ? old.key() : null, reading.key());
        }
        old = order <= 0 ? before.next() : old;
        reading = order >= 0 ? now.next() : reading;
      }
    }
    ancestors.finish();
  }

  /** The capture has what changed. */
  void changed() {
    try (HiveKeys.Cursor tops = gone.all()) {
      for (HiveKeys.Entry top = tops.next(); top != null; top = tops.next()) {
        deleteAll(top.path());
      }
    }
    try (HiveKeys.Cursor now = open.all()) {
      for (HiveKeys.Entry reading = now.next(); reading != null; reading = now.next()) {
        found(reading.path(), known.get(reading.path()), reading.key());
      }
    }
    ancestors.finish();
  }

  private static int order(HiveKeys.Entry old, HiveKeys.Entry reading) {
    if (old == null || reading == null) {
      return old == null ? 1 : -1;
    }
    return KeyPath.ORDER.compare(old.path(), reading.path());
  }

  private void deleteAll(String top) {
    try (HiveKeys.Cursor below = known.within(top)) {
      for (HiveKeys.Entry key = below.next(); key != null; key = below.next()) {
        delete(key.path(), key.key());
      }
    }
  }

  private void delete(String path, KeyState key) {
    changes.deleted(path, key, since(key));
    known.delete(path);
    room.give();
  }

  private void missing(String path, KeyState key) {
    Above parent = ancestors.parentOf(path);
    if (parent != null && (parent.fate == Fate.gone || provesAbsence(parent))) {
      delete(path, key);
      ancestors.push(new Above(path, Fate.gone, null, null));
      return;
    }
    if (key.getLastSeen() == null) {
      known.put(path, KeyState.newBuilder(key).setLastSeen(asOf).build());
    }
    ancestors.push(new Above(path, Fate.known, subkeysAt(key), null));
  }

  /** Findings may have been cut off after the key was told, so its subkeys must all have come. */
  private boolean provesAbsence(Above parent) {
    if (parent.provesAbsence == null) {
      parent.provesAbsence =
          parent.subkeys != null && open.children(parent.path, parent.subkeys) == parent.subkeys;
    }
    return parent.provesAbsence;
  }

  private void found(String path, KeyState before, KeyState reading) {
    Above parent = ancestors.parentOf(path);
    boolean isNews = before == null || !before.getSubkeysKnown() || before.getSubkeysAsOf() != null;
    Integer subkeys =
        reading.getSubkeysKnown() && (isWhole || isNews) ? reading.getSubkeys() : null;
    if (parent != null) {
      parent.seen++;
    }
    if (before != null) {
      KeyMerge merge = KeyMerge.of(before, reading, since(before));
      if (!merge.after().equals(before)) {
        known.put(path, merge.after());
      }
      changes.changed(path, before, merge, since(before));
      ancestors.push(new Above(path, Fate.known, subkeysAt(before), subkeys));
      return;
    }
    if (!room.take()) {
      if (parent != null) {
        parent.left = true;
      }
      return;
    }
    Above above = parent != null ? parent : lookUp(path);
    boolean isCreated = above != null && above.subkeysAt != null;
    Moment since = isCreated ? above.subkeysAt : null;
    KeyMerge merge = isCreated ? KeyMerge.created(reading, since) : KeyMerge.first(reading);
    known.put(path, merge.after());
    if (isCreated) {
      changes.created(path, merge, since);
    }
    ancestors.push(
        new Above(path, isCreated ? Fate.created : Fate.first, isCreated ? since : null, subkeys));
  }

  /** The key right above, which the capture does not tell of: it is as it was. */
  private Above lookUp(String path) {
    String parent = KeyPath.parent(path);
    KeyState key = parent == null ? null : known.get(parent);
    return key == null ? null : new Above(parent, Fate.known, subkeysAt(key), null);
  }

  /** If subkeys that it counts did not come, not all are known. */
  private void leave(Above key) {
    if (!isWhole && key.subkeys != null && key.subkeysAt != null && !key.left) {
      deleteUnseen(key);
    }
    if (key.left || (key.subkeys != null && key.seen < key.subkeys && isShort(key))) {
      KeyState state = known.get(key.path);
      if (state != null) {
        known.put(
            key.path,
            KeyState.newBuilder(state)
                .setSubkeysKnown(!key.left && key.subkeysAt != null)
                .setSubkeysAsOf(key.left ? null : key.subkeysAt)
                .build());
      }
    }
  }

  /**
   * Subkeys that an earlier capture did not show, though it told all it could read, are gone when
   * the list is whole and the others are as many as it counts: a scanner does not tell of them.
   */
  private void deleteUnseen(Above key) {
    List<String> unseen = new ArrayList<>();
    int seen = 0;
    try (HiveKeys.Cursor below = known.within(key.path)) {
      for (HiveKeys.Entry each = below.next(); each != null; each = below.next()) {
        if (key.path.equals(KeyPath.parent(each.path()))) {
          seen += each.key().getLastSeen() == null ? 1 : 0;
          if (each.key().getLastSeen() != null) {
            unseen.add(each.path());
          }
        }
      }
    }
    if (seen == key.subkeys) {
      unseen.forEach(this::deleteAll);
    }
  }

  /** Of a capture that has what changed, the other subkeys came before. */
  private boolean isShort(Above key) {
    return known.children(key.path, key.subkeys) < key.subkeys;
  }

  private Moment subkeysAt(KeyState key) {
    if (!key.getSubkeysKnown()) {
      return null;
    }
    return key.getSubkeysAsOf() != null ? key.getSubkeysAsOf() : since(key);
  }

  private Moment since(KeyState key) {
    return key.getLastSeen() != null ? key.getLastSeen() : asOf;
  }
}
