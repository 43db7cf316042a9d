package io.ramtide.correlator.state;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueStore;

/** The findings of captures in progress, as they came, until their Summary closes the capture. */
public final class FindingBuffer {
  public static final String NAME = "open-captures";

  private final KeyValueStore<String, byte[]> store;

  public FindingBuffer(KeyValueStore<String, byte[]> store) {
    this.store = store;
  }

  /**
   * @param position of the finding in its capture, from 0
   */
  public void add(String domain, int position, byte[] finding) {
    store.put(Keys.of(domain, position), finding);
  }

  public List<byte[]> all(String domain) {
    List<byte[]> all = new ArrayList<>();
    try (var entries = store.range(Keys.all(domain), Keys.end(domain))) {
      entries.forEachRemaining(entry -> all.add(entry.value));
    }
    return all;
  }

  public void clear(String domain, int findings) {
    for (int i = 0; i < findings; i++) {
      store.delete(Keys.of(domain, i));
    }
  }
}
