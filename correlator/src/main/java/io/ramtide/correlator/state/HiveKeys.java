package io.ramtide.correlator.state;

import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The keys of one hive in a store, by {@link KeyPath}. */
public final class HiveKeys {
  private final KeyValueStore<String, byte[]> store;
  private final StateCodec<KeyState> codec;
  private final String prefix;
  private final String end;

  HiveKeys(KeyValueStore<String, byte[]> store, StateCodec<KeyState> codec, String prefix) {
    this.store = store;
    this.codec = codec;
    this.prefix = prefix;
    int last = prefix.length() - 1;
    this.end = prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
  }

  /** A key and its path. */
  public record Entry(String path, KeyState key) {}

  /** Goes through keys in tree order, as they were when it was made. */
  public final class Cursor implements AutoCloseable {
    private final KeyValueIterator<String, byte[]> entries;

    private Cursor(String from, String to) {
      entries = store.range(from, to);
    }

    /** The next key; null after the last. */
    public Entry next() {
      if (!entries.hasNext()) {
        return null;
      }
      var entry = entries.next();
      return new Entry(entry.key.substring(prefix.length()), codec.decode(entry.key, entry.value));
    }

    @Override
    public void close() {
      entries.close();
    }
  }

  /** Null: there is none. */
  public KeyState get(String path) {
    byte[] bytes = store.get(prefix + path);
    return bytes == null ? null : codec.decode(prefix + path, bytes);
  }

  /**
   * Writes a key.
   *
   * @return bytes written
   */
  public int put(String path, KeyState key) {
    byte[] bytes = codec.encode(key);
    store.put(prefix + path, bytes);
    return prefix.length() + path.length() + bytes.length;
  }

  public void delete(String path) {
    store.delete(prefix + path);
  }

  /** All keys. */
  public Cursor all() {
    return new Cursor(prefix, end);
  }

  /** A key and all below it. */
  public Cursor within(String path) {
    return new Cursor(prefix + path, end(path));
  }

  /** How many keys are right below a key; counts no further than told. */
  public int children(String path, int most) {
    String below = KeyPath.firstBelow(path);
    String from = prefix + (below.isEmpty() ? KeyPath.FIRST : below);
    String to = end(path);
    int children = 0;
    while (children < most) {
      String child = first(from, to);
      if (child == null) {
        break;
      }
      children++;
      // On with what follows the child's own subtree.
      from = prefix + KeyPath.end(KeyPath.upTo(child, below.length()));
    }
    return children;
  }

  private String first(String from, String to) {
    try (var entries = store.range(from, to)) {
      return entries.hasNext() ? entries.peekNextKey().substring(prefix.length()) : null;
    }
  }

  private String end(String path) {
    return path.isEmpty() ? end : prefix + KeyPath.end(path);
  }

  /** Deletes all. */
  public void clear() {
    KeyStore.clear(store, prefix, end);
  }
}
