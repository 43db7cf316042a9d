package io.ramtide.scanner.windows.registry;

import io.ramtide.scanner.windows.registry.cell.Owners;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The keys of a hive as they were told, and which of them a changed block may have changed. */
final class KnownKeys {
  /** A key that depends on more blocks is always read again. */
  private static final int MANY_BLOCKS = 1024;

  private static final int MANY_REASONS = 64;

  final KnownKey root;
  final Owners owners = new Owners();

  /** Cells of all of them. */
  final CellSet cells = new CellSet();

  private final Bucket[][] byBlock = {new Bucket[64], new Bucket[64]};
  private final Set<KnownKey> partly = new LinkedHashSet<>();
  private final Set<KnownKey> always = new LinkedHashSet<>();
  private final Map<String, Integer> notes = new LinkedHashMap<>();
  private int count;

  /** Keys that depend on one block; some of them perhaps no longer. */
  private static final class Bucket {
    private KnownKey[] keys = new KnownKey[8];
    private int size;

    void add(KnownKey key) {
      for (int i = size - 1; i >= 0; i--) {
        if (keys[i].equals(key)) {
          return;
        }
      }
      if (size == keys.length) {
        keys = Arrays.copyOf(keys, 2 * size);
      }
      keys[size++] = key;
    }
  }

  KnownKeys(KnownKey root) {
    this.root = root;
  }

  int count() {
    return count;
  }

  /** Keeps what a key, that was just read, depends on. */
  void keep(KnownKey key, int[] blocks) {
    count += key.isRead ? 0 : 1;
    if (key.partly == null) {
      partly.remove(key);
    } else {
      partly.add(key);
    }
    if (key.watched.matches() || blocks.length > MANY_BLOCKS) {
      always.add(key);
      return;
    }
    for (int block : blocks) {
      bucket(block).add(key);
    }
  }

  private Bucket bucket(int block) {
    int storage = block >>> 31;
    int number = block & Integer.MAX_VALUE;
    if (number >= byBlock[storage].length) {
      byBlock[storage] = Arrays.copyOf(byBlock[storage], Math.max(2 * number, 64));
    }
    if (byBlock[storage][number] == null) {
      byBlock[storage][number] = new Bucket();
    }
    return byBlock[storage][number];
  }

  /** Those that are to be read again; whoever reads them keeps anew what they depend on. */
  Collection<KnownKey> take(BlockChanges changes, Set<Integer> changedOwners) {
    Set<KnownKey> taken = new HashSet<>(always);
    for (int storage = 0; storage < byBlock.length; storage++) {
      int most = byBlock[storage].length;
      for (int block = changes.next(storage, 0);
          block >= 0 && block < most;
          block = changes.next(storage, block + 1)) {
        Bucket bucket = byBlock[storage][block];
        if (bucket != null) {
          taken.addAll(Arrays.asList(bucket.keys).subList(0, bucket.size));
          byBlock[storage][block] = null;
        }
      }
    }
    if (changes.hasNew()) {
      taken.addAll(partly);
    }
    if (!changedOwners.isEmpty()) {
      below(root, key -> addIf(changedOwners.contains(key.security), key, taken));
    }
    return taken;
  }

  private static void addIf(boolean isMeant, KnownKey key, Set<KnownKey> keys) {
    if (isMeant) {
      keys.add(key);
    }
  }

  /** Gives up a key that is gone or elsewhere, and the places of all below it. */
  void putOut(KnownKey key, boolean isGone) {
    key.isOut = true;
    below(
        key,
        each -> {
          cells.remove(each.cell);
          if (isGone) {
            count--;
            partly.remove(each);
            always.remove(each);
          }
        });
  }

  /** Gives up all keys but those that are open, and those above them. */
  void forget() {
    partly.forEach(key -> note(key.partly));
    partly.clear();
    always.clear();
    Arrays.setAll(byBlock, storage -> new Bucket[64]);
    Deque<KnownKey> open = new ArrayDeque<>(Set.of(root));
    while (!open.isEmpty()) {
      KnownKey next = open.pop();
      Collections.addAll(open, next.children);
      next.children = KnownKey.NONE;
    }
  }

  /** Says that a key that is not kept could not be read whole. */
  void note(String why) {
    if (notes.size() < MANY_REASONS || notes.containsKey(why)) {
      notes.merge(why, 1, Integer::sum);
    }
  }

  /** Why keys could not be read whole, one by one. */
  void partly(Consumer<String> to) {
    partly.forEach(key -> to.accept(key.partly));
    notes.forEach((why, times) -> Collections.nCopies(times, why).forEach(to));
  }

  /** A key and all below it. */
  static void below(KnownKey key, Consumer<KnownKey> to) {
    Deque<KnownKey> open = new ArrayDeque<>();
    open.push(key);
    while (!open.isEmpty()) {
      KnownKey next = open.pop();
      to.accept(next);
      for (KnownKey child : next.children) {
        open.push(child);
      }
    }
  }
}
