package io.ramtide.scanner.windows.registry;

import io.ramtide.scanner.windows.registry.cell.Gaps;
import io.ramtide.scanner.windows.registry.cell.KeyNode;
import io.ramtide.scanner.windows.registry.cell.KeyReader;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryKeyGone;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/**
 * Goes through the keys of a hive: all of them, or those that may have changed since they were read
 * last. The second tells what changed, and keeps silent of what was readable then and is not now.
 */
final class KeyWalk {
  /** Keys that are known of, and not read yet: some 40 MB. */
  private static final int MAX_OPEN = 1 << 18;

  private final HiveKeys hive;
  private final KeyReader reader;
  private final ContentHash hash;
  private final KnownKeys known;
  private final Consumer<SpecificRecord> out;
  private final Subkeys subkeys;
  private final KeyPaths paths = new KeyPaths();
  private final Deque<KnownKey> stack = new ArrayDeque<>();

  /** Whether all keys are new. */
  private final boolean isFull;

  private boolean keeps = true;
  private int reads;
  private boolean isCut;
  private String doubt;

  /** Keys that may have changed, and were not read yet. */
  private final Set<KnownKey> pending = new HashSet<>();

  /** Keys that came to be, or moved; read once all that went is known. */
  private final List<KnownKey> later = new ArrayList<>();

  private boolean isLater;

  /**
   * @param changes null: all keys are new
   * @param known takes, or has, what is known
   * @param out takes findings
   */
  KeyWalk(
      HiveKeys hive,
      KeyReader reader,
      ContentHash hash,
      BlockChanges changes,
      KnownKeys known,
      Consumer<SpecificRecord> out) {
    this.hive = hive;
    this.reader = reader;
    this.hash = hash;
    this.known = known;
    this.out = out;
    this.isFull = changes == null;
    this.subkeys = new Subkeys(hive, reader, changes, known.cells);
  }

  /**
   * Reads all keys.
   *
   * @param mostKept if there are more, what is known is not to be kept
   * @param most keys that are read
   */
  void all(int mostKept, int most) {
    known.cells.add(known.root.cell);
    stack.push(known.root);
    while (!stack.isEmpty()) {
      if (reads == most) {
        isCut = true;
        doubt("too many keys");
        return;
      }
      if (reads == mostKept) {
        keeps = false;
        known.forget();
        doubt("more keys than are kept");
      }
      step(stack.pop());
    }
    end();
  }

  /**
   * Reads keys that may have changed, and what is new below them.
   *
   * @param keys as {@link KnownKeys#take} gives them
   * @param most keys that are read
   */
  void changed(List<KnownKey> keys, int most) {
    if (keys.size() > most) {
      doubt("too much has changed");
    }
    pending.addAll(keys);
    keys.sort(Comparator.comparingInt(key -> key.depth));
    for (KnownKey key : keys) {
      if (doubt == null && !isOut(key) && pending.remove(key)) {
        step(key);
      }
    }
    isLater = true;
    for (KnownKey key : later) {
      key.isOut = false;
      stack.push(key);
      while (!stack.isEmpty() && doubt == null) {
        if (reads > most) {
          doubt("too much has changed");
        }
        stepLater(stack.pop());
      }
    }
    end();
  }

  /** Above all others there may be one that is not there any more, or elsewhere. */
  private static boolean isOut(KnownKey key) {
    KnownKey above = key;
    while (above != null && !above.isOut) {
      above = above.parent;
    }
    return above != null;
  }

  private void end() {
    if (reader.budget().isSpent()) {
      doubt("too much for a hive of its size");
    }
  }

  /** Why what was kept is not to be used; null: it is. */
  String doubt() {
    return doubt;
  }

  /** Whether there were more keys than were to be read. */
  boolean isCut() {
    return isCut;
  }

  /** Keys that were read. */
  int reads() {
    return reads;
  }

  private void doubt(String why) {
    doubt = doubt == null ? why : doubt;
  }

  /** A key below one that is new or moved. */
  private void stepLater(KnownKey key) {
    if (!known.cells.add(key.cell)) {
      doubt("a key is listed twice");
    } else if (!key.isRead || later.contains(key) || pending.remove(key)) {
      step(key);
    } else {
      push(key.children);
    }
  }

  private void step(KnownKey key) {
    reads++;
    KeyNode node = reader.key(key.cell);
    boolean isAnother =
        node != null && key.isRead && key.parent != null && !node.name().equals(key.name);
    if (node == null || isAnother) {
      withoutNode(key, isAnother);
    } else {
      read(key, node);
    }
  }

  /** Its list of subkeys would say if it were gone. */
  private void withoutNode(KnownKey key, boolean isAnother) {
    boolean isUnreadable = !isAnother && reader.isUnreadable();
    boolean mayBeKept = isUnreadable || (key.parent != null && key.parent.partly != null);
    if (key.isRead && !mayBeKept) {
      doubt("a key is listed, and none");
      return;
    }
    key.partly = isAnother ? "its cell has another key" : reader.why();
    keep(key);
    key.isRead = true;
    if (isLater) {
      push(key.children);
    }
  }

  private void push(KnownKey[] keys) {
    for (int i = keys.length - 1; i >= 0; i--) {
      stack.push(keys[i]);
    }
  }

  private void read(KnownKey key, KeyNode node) {
    Gaps gaps = new Gaps();
    String path = paths.of(key);
    int room = MAX_OPEN - stack.size();
    subkeys.find(key, node, path.length(), room, gaps, moved -> known.putOut(moved, false));
    if (subkeys.isCut()) {
      doubt("too many keys at once");
    }
    if (subkeys.hasTwins()) {
      doubt("a key is listed twice");
    }
    tell(key, node, path, gaps);
    key.security = node.security();
    keep(key);
    key.isRead = true;
    // Beyond the bound nothing is kept: the stack is enough to go on.
    key.children = keeps ? subkeys.keys() : KnownKey.NONE;
    subkeys.gone().forEach(this::gone);
    if (isFull || isLater) {
      push(subkeys.keys());
    } else {
      later.addAll(subkeys.added());
    }
  }

  private void keep(KnownKey key) {
    if (keeps) {
      known.keep(key, reader.blocks());
    } else if (key.partly != null) {
      known.note(key.partly);
    }
  }

  private void tell(KnownKey key, KeyNode node, String path, Gaps gaps) {
    key.partly = gaps.reason();
    if (!key.asked.matches()) {
      return;
    }
    KeyReader.Told told =
        reader.tell(
            node,
            hive.path(),
            hive.va(),
            path,
            status(key, node),
            node.leadsToHive() && key.parent != null
                ? "they are in the hive at 0x%x, which was not found".formatted(node.childHive())
                : gaps.status(node.subkeys()),
            key.watched.matches());
    key.partly = key.partly == null ? told.why() : key.partly;
    tell(key, told.finding());
  }

  private static String status(KnownKey key, KeyNode node) {
    if (node.isNameCut()) {
      return "its name is cut: its cell ends";
    }
    boolean isStray = key.parent != null && node.parent() != key.parent.cell;
    return isStray ? "says that it is below cell 0x%x".formatted(node.parent()) : key.nameStatus;
  }

  private void tell(KnownKey key, RegistryKeyFinding finding) {
    long head = hash.head(finding);
    long content = hash.content(finding);
    boolean isWhole = key.partly == null;
    boolean isLessOfTheSame = key.isToldWhole && !isWhole && head == key.head;
    if (key.isTold && (content == key.content || isLessOfTheSame)) {
      return;
    }
    key.head = head;
    key.content = content;
    key.isTold = true;
    key.isToldWhole = isWhole;
    out.accept(finding);
  }

  private void gone(KnownKey key) {
    boolean[] isTold = {false};
    KnownKeys.below(key, each -> isTold[0] |= each.isTold);
    if (isTold[0]) {
      out.accept(new RegistryKeyGone("", 0L, hive.path(), hive.va(), paths.of(key)));
    }
    known.putOut(key, true);
  }
}
