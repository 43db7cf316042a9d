package io.ramtide.correlator.state;

import io.ramtide.schemas.HiveFinding;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueStore;

/** The registry hives of every domain. */
public final class HiveStore {
  public static final String NAME = "hives";

  private final StateCodec<HiveState> states = new StateCodec<>(HiveState.class);
  private final TrackedFindings<HiveFinding> findings = new TrackedFindings<>(HiveFinding.class);
  private final KeyValueStore<String, byte[]> store;

  public HiveStore(KeyValueStore<String, byte[]> store) {
    this.store = store;
  }

  /** All hives of a domain. */
  public List<TrackedHive> all(String domain) {
    List<TrackedHive> all = new ArrayList<>();
    try (var entries = store.range(Keys.all(domain), Keys.end(domain))) {
      entries.forEachRemaining(entry -> all.add(decode(entry.key, entry.value)));
    }
    return all;
  }

  public void put(String domain, TrackedHive hive) {
    byte[] state =
        states.encode(
            HiveState.newBuilder()
                .setFinding(findings.encode(domain, hive.seenAt().getCapture(), hive.finding()))
                .setSeenAt(hive.seenAt())
                .setKeys(hive.keys())
                .setKeysCapture(hive.keysCapture())
                .setKeysAsOf(hive.keysAsOf())
                .build());
    store.put(Keys.of(domain, hive.va()), state);
  }

  public void delete(String domain, TrackedHive hive) {
    store.delete(Keys.of(domain, hive.va()));
  }

  private TrackedHive decode(String key, byte[] value) {
    HiveState state = states.decode(key, value);
    return new TrackedHive(
        findings.decode(key, state.getFinding()).finding(),
        state.getSeenAt(),
        state.getKeys(),
        state.getKeysCapture(),
        state.getKeysAsOf());
  }
}
