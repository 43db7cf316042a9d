package io.ramtide.scanner.windows.registry;

import io.ramtide.scanner.windows.registry.cell.Gaps;
import io.ramtide.scanner.windows.registry.cell.KeyNode;
import io.ramtide.scanner.windows.registry.cell.KeyReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Finds the subkeys of a key, and which of those that are known they are: by their names. */
final class Subkeys {
  private final HiveKeys hive;
  private final KeyReader reader;

  /** Null: no key is known. */
  private final BlockChanges changes;

  private final CellSet visited;

  private boolean hasTwins;
  private int room;
  private boolean isCut;

  private String[] names = new String[16];
  private int[] cells = new int[16];
  private int count;

  private KnownKey[] keys;
  private Set<KnownKey> added;
  private List<KnownKey> gone;

  /**
   * @param changes null: no key is known
   * @param visited takes cells of keys, if no key is known
   */
  Subkeys(HiveKeys hive, KeyReader reader, BlockChanges changes, CellSet visited) {
    this.hive = hive;
    this.reader = reader;
    this.changes = changes;
    this.visited = visited;
  }

  /** Those of the key asked for last, in the order of its lists. */
  KnownKey[] keys() {
    return keys;
  }

  /** Those of them that are new, or in another cell. */
  Set<KnownKey> added() {
    return added;
  }

  /** Those that were known, and are not there any more. */
  List<KnownKey> gone() {
    return gone;
  }

  /** Whether there were more than there was room for. */
  boolean isCut() {
    return isCut;
  }

  /** Whether a key was listed twice. */
  boolean hasTwins() {
    return hasTwins;
  }

  /**
   * Looks below a key.
   *
   * @param path of the key, in characters
   * @param most new ones
   * @param gaps takes what is missing
   * @param moved takes those that are in another cell, before they are
   */
  void find(KnownKey key, KeyNode node, int path, int most, Gaps gaps, Consumer<KnownKey> moved) {
    room = most;
    added = Set.of();
    gone = List.of();
    keys = key.children;
    int[] listed = reader.subkeys(node, gaps);
    if (isAsKnown(key, listed, gaps)) {
      return;
    }
    read(key, listed, path, gaps);
    int[] at = Arrays.copyOf(cells, count);
    SubkeyName[] written = SubkeyName.of(Arrays.copyOf(names, count), at);
    if (key.children.length == 0) {
      fresh(key, written, at);
    } else {
      matched(key, written, at, gaps, moved);
    }
  }

  private boolean isAsKnown(KnownKey key, int[] listed, Gaps gaps) {
    if (listed.length != key.children.length || !gaps.isEmpty()) {
      return false;
    }
    for (int i = 0; i < listed.length; i++) {
      if (key.children[i].cell != listed[i] || isChanged(listed[i])) {
        return false;
      }
    }
    return true;
  }

  /** A key may reach into the next block. */
  private boolean isChanged(int cell) {
    int block = KeyReader.block(cell);
    return changes.has(block) || changes.has(block + 1);
  }

  private void read(KnownKey key, int[] listed, int path, Gaps gaps) {
    count = 0;
    if (listed.length > cells.length) {
      cells = new int[listed.length];
      names = new String[listed.length];
    }
    Map<Integer, KnownKey> known = new HashMap<>();
    for (KnownKey child : key.children) {
      known.put(child.cell, child);
    }
    for (int cell : listed) {
      KnownKey before = known.get(cell);
      String name = before != null && !isChanged(cell) ? before.name : name(cell, gaps);
      if (name != null && isAllowed(key, cell, path + name.length() + 1, gaps)) {
        names[count] = name;
        cells[count++] = cell;
      }
    }
  }

  /** Null: there is none to be told of. */
  private String name(int cell, Gaps gaps) {
    KeyNode node = reader.peek(cell);
    if (node == null) {
      reader.depend(cell);
      if (reader.isUnreadable()) {
        gaps.unreadable(reader.why(), 1);
      } else {
        gaps.add(reader.why(), 1);
      }
      return null;
    }
    if (node.leadsToHive()) {
      reader.depend(cell);
      // The root of that hive is told of there.
      return hive.id().hives().contains(node.childHive()) ? null : node.name();
    }
    return node.name();
  }

  private boolean isAllowed(KnownKey key, int cell, int path, Gaps gaps) {
    if (changes == null && !visited.add(cell)) {
      hasTwins = true;
      gaps.add("listed twice", 1);
      return false;
    }
    if (key.depth >= KeyReader.levels()) {
      gaps.add("deeper than %d levels".formatted(KeyReader.levels()), 1);
      return false;
    }
    if (count >= room) {
      isCut = true;
      gaps.add("left out: too many keys that were not read yet", 1);
      return false;
    }
    if (!reader.budget().text(path)) {
      gaps.add("left out: too many long paths", 1);
      return false;
    }
    return true;
  }

  private void fresh(KnownKey key, SubkeyName[] written, int[] at) {
    keys = new KnownKey[count];
    for (int i = 0; i < count; i++) {
      keys[i] = key.child(written[i], at[i]);
    }
    if (changes != null) {
      added = new HashSet<>(Arrays.asList(keys));
    }
  }

  private void matched(
      KnownKey key, SubkeyName[] written, int[] at, Gaps gaps, Consumer<KnownKey> moved) {
    Map<String, KnownKey> before = new LinkedHashMap<>();
    for (KnownKey child : key.children) {
      before.put(child.written, child);
    }
    added = new HashSet<>();
    List<KnownKey> now = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      KnownKey child = before.get(written[i].written());
      if (child == null || !child.name.equals(written[i].raw())) {
        child = key.child(written[i], at[i]);
        added.add(child);
      } else {
        before.remove(written[i].written());
        if (child.cell != at[i]) {
          moved.accept(child);
          child.cell = at[i];
          added.add(child);
        }
      }
      now.add(child);
    }
    if (gaps.hasUnreadable()) {
      now.addAll(before.values());
    } else {
      gone = List.copyOf(before.values());
    }
    keys = now.toArray(KnownKey.NONE);
  }
}
