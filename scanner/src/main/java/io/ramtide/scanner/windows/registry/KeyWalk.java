package io.ramtide.scanner.windows.registry;

import io.ramtide.scanner.windows.registry.cell.Gaps;
import io.ramtide.scanner.windows.registry.cell.KeyNode;
import io.ramtide.scanner.windows.registry.cell.KeyReader;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryKeyGone;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/**
 * Goes through the keys of a hive: all of them, or those that may have changed since they were read
 * last. The second tells what changed, and keeps silent of what was readable then and is not now.
 */
final class KeyWalk {
  private final HiveKeys hive;
  private final KeyReader reader;
  private final ContentHash hash;
  private final Consumer<SpecificRecord> out;
  private final Consumer<String> partly;
  private final Subkeys subkeys;
  private final KeyPaths paths = new KeyPaths();
  private final Deque<KnownKey> stack = new ArrayDeque<>();

  /** Null: all keys are new. */
  private final BlockChanges changes;

  private final Set<Integer> changedOwners;
  private int keptMost;
  private int keysMost;
  private int reads;
  private int keys;
  private boolean isCut;
  private String doubt;

  /** Keys that came to be, or moved; read once all that went is known. */
  private final List<KnownKey> later = new ArrayList<>();

  /** Cells of all keys that stay, once {@link #later} is read; before, null. */
  private CellSet visited;

  /**
   * @param changes null: all keys are new
   * @param changedOwners security descriptors with another owner
   * @param out takes findings
   * @param partly takes why a key could not be read whole
   */
  KeyWalk(
      HiveKeys hive,
      KeyReader reader,
      ContentHash hash,
      BlockChanges changes,
      Set<Integer> changedOwners,
      Consumer<SpecificRecord> out,
      Consumer<String> partly) {
    this.hive = hive;
    this.reader = reader;
    this.hash = hash;
    this.changes = changes;
    this.changedOwners = changedOwners;
    this.out = out;
    this.partly = partly;
    this.subkeys = new Subkeys(hive, reader, changes);
  }

  /**
   * Reads all keys below a new root.
   *
   * @param mostKept keys that are kept below it; if there are more, the root is not to be kept
   * @param mostKeys keys that are read
   */
  void all(KnownKey root, int mostKept, int mostKeys) {
    keptMost = mostKept;
    keysMost = mostKeys;
    drain(root);
    end();
    if (reads > mostKept) {
      doubt("more keys than are kept");
    }
  }

  /** Reads what may have changed below a root that is known, at most so many keys. */
  void changed(KnownKey root, int most) {
    keptMost = Integer.MAX_VALUE;
    keysMost = most;
    drain(root);
    if (!later.isEmpty() && doubt == null) {
      visited = CellSet.of(root, later);
      for (KnownKey key : later) {
        drain(key);
      }
    }
    end();
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

  /** Keys that there are. */
  int keys() {
    return keys;
  }

  /** Keys that were read. */
  int reads() {
    return reads;
  }

  private void doubt(String why) {
    doubt = doubt == null ? why : doubt;
  }

  private boolean isFull() {
    return changes == null;
  }

  private void drain(KnownKey first) {
    stack.push(first);
    while (!stack.isEmpty() && (isFull() || doubt == null)) {
      step(stack.pop());
    }
    stack.clear();
  }

  private void step(KnownKey key) {
    keys++;
    if (visited != null && !visited.add(key.cell)) {
      doubt("a key is listed twice");
      return;
    }
    if (key.isRead && !mayHaveChanged(key)) {
      partly.accept(key.partly);
      push(key.children);
      return;
    }
    if (reads == keysMost) {
      isCut = true;
      doubt("too many keys");
      return;
    }
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

  private boolean mayHaveChanged(KnownKey key) {
    return key.blocks == null
        || key.watched.matches()
        || changes.hasAny(key.blocks)
        || changedOwners.contains(key.security)
        || (key.partly != null && changes.hasNew());
  }

  /** Its list of subkeys would say if it were gone. */
  private void withoutNode(KnownKey key, boolean isAnother) {
    boolean isUnreadable = !isAnother && reader.isUnreadable();
    if (!key.isRead) {
      partly.accept(reader.why());
    } else if (isUnreadable || (key.parent != null && key.parent.partly != null)) {
      key.partly = isUnreadable ? reader.why() : "its cell has another key";
      partly.accept(key.partly);
      push(key.children);
    } else {
      doubt("a key is listed, and none");
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
    subkeys.find(key, node, path.length(), gaps);
    if (subkeys.hasTwins()) {
      doubt("a key is listed twice");
    }
    tell(key, node, path, gaps);
    key.blocks = reader.isOverflown() ? null : reader.blocks();
    key.security = node.security();
    key.isRead = true;
    // Beyond the bound nothing is kept: the stack is enough to go on.
    key.children = reads > keptMost ? KnownKey.NONE : subkeys.keys();
    subkeys.gone().forEach(this::gone);
    if (isFull() || visited != null) {
      push(subkeys.keys());
      return;
    }
    later.addAll(subkeys.added());
    for (KnownKey child : subkeys.keys()) {
      if (!subkeys.added().contains(child)) {
        stack.push(child);
      }
    }
  }

  private void tell(KnownKey key, KeyNode node, String path, Gaps gaps) {
    String why = gaps.reason();
    if (key.asked.matches()) {
      boolean isStray = key.parent != null && node.parent() != key.parent.cell;
      String status =
          isStray ? "says that it is below cell 0x%x".formatted(node.parent()) : key.nameStatus;
      status = node.isNameCut() ? "its name is cut: its cell ends" : status;
      String subkeysStatus =
          node.leadsToHive() && key.parent != null
              ? "they are in the hive at 0x%x, which was not found".formatted(node.childHive())
              : gaps.status(node.subkeys());
      KeyReader.Told told =
          reader.tell(
              node, hive.path(), hive.va(), path, status, subkeysStatus, key.watched.matches());
      why = why == null ? told.why() : why;
      tell(key, told.finding(), why == null);
    }
    key.partly = why;
    partly.accept(why);
  }

  private void tell(KnownKey key, RegistryKeyFinding finding, boolean isWhole) {
    long head = hash.head(finding);
    long content = hash.content(finding);
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
    Deque<KnownKey> below = new ArrayDeque<>();
    below.push(key);
    while (!below.isEmpty()) {
      KnownKey next = below.pop();
      if (next.isTold) {
        out.accept(new RegistryKeyGone("", 0L, hive.path(), hive.va(), paths.of(key)));
        return;
      }
      for (KnownKey child : next.children) {
        below.push(child);
      }
    }
  }
}
