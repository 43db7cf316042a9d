package io.ramtide.correlator.state;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueStore;

/** Registry keys of every domain: too many for a heap, so they are gone through in order. */
public final class KeyStore {
  /** Keys as they are known. */
  public static final String NAME = "registry-keys";

  /** Keys of captures in progress. */
  public static final String OPEN = "open-registry-keys";

  /** What is deleted at a time, so that it is not held whole. */
  private static final int BATCH = 10_000;

  private final StateCodec<KeyState> codec = new StateCodec<>(KeyState.class);
  private final KeyValueStore<String, byte[]> store;

  public KeyStore(KeyValueStore<String, byte[]> store) {
    this.store = store;
  }

  /** The keys of a hive. */
  public HiveKeys hive(String domain, long va) {
    return new HiveKeys(store, codec, Keys.of(domain, va) + "/");
  }

  /** Keys of a hive that are not among {@link #hive}'s: those that are gone. */
  public HiveKeys goneOf(String domain, long va) {
    return new HiveKeys(store, codec, Keys.of(domain, va) + "-");
  }

  /** Deletes all of a domain. */
  public void clear(String domain) {
    clear(store, Keys.all(domain), Keys.end(domain));
  }

  static void clear(KeyValueStore<String, byte[]> store, String from, String to) {
    List<String> batch = new ArrayList<>();
    try (var entries = store.range(from, to)) {
      while (entries.hasNext()) {
        batch.add(entries.next().key);
        if (batch.size() == BATCH) {
          batch.forEach(store::delete);
          batch.clear();
        }
      }
    }
    batch.forEach(store::delete);
  }
}
