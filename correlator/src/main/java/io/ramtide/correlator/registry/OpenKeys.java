package io.ramtide.correlator.registry;

import io.ramtide.correlator.state.HiveKeys;
import io.ramtide.correlator.state.KeyPath;
import io.ramtide.correlator.state.KeyState;
import io.ramtide.correlator.state.KeyStore;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryKeyGone;
import java.util.List;

/** The registry keys of captures in progress. */
public final class OpenKeys {
  /** UTF-16 code units of a key's path; real ones have some 300. What is longer is not followed. */
  static final int MAX_PATH = 8192;

  /** Of a key that is gone, its path is all there is. */
  private static final KeyState GONE =
      KeyState.newBuilder()
          .setLastWriteTime(0)
          .setWatched(false)
          .setSubkeys(0)
          .setSubkeysKnown(false)
          .setValuesKnown(false)
          .setValues(List.of())
          .build();

  private final KeyStore store;

  public OpenKeys(KeyStore store) {
    this.store = store;
  }

  /** Takes in a key; bytes kept. */
  public int add(String domain, RegistryKeyFinding key) {
    return key.getKey().length() > MAX_PATH
        ? 0
        : of(domain, key.getHiveVa()).put(KeyPath.of(key.getKey()), KeyReadings.of(key));
  }

  /** Takes in a key that is gone; bytes kept. */
  public int add(String domain, RegistryKeyGone gone) {
    return gone.getKey().length() > MAX_PATH
        ? 0
        : goneOf(domain, gone.getHiveVa()).put(KeyPath.of(gone.getKey()), GONE);
  }

  /** Keys that were found. */
  HiveKeys of(String domain, long hiveVa) {
    return store.hive(domain, hiveVa);
  }

  /** Keys that are gone. */
  HiveKeys goneOf(String domain, long hiveVa) {
    return store.goneOf(domain, hiveVa);
  }

  /** Forgets all keys of a domain's capture. */
  public void clear(String domain) {
    store.clear(domain);
  }
}
