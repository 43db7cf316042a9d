package io.ramtide.correlator.state;

import org.apache.kafka.streams.state.KeyValueStore;

/** One {@link DomainState} a domain. */
public final class DomainStore {
  public static final String NAME = "domains";
  private static final DomainState NEW = DomainState.newBuilder().setLastCapture(0).build();

  private final StateCodec<DomainState> codec = new StateCodec<>(DomainState.class);
  private final KeyValueStore<String, byte[]> store;

  public DomainStore(KeyValueStore<String, byte[]> store) {
    this.store = store;
  }

  public DomainState get(String domain) {
    byte[] bytes = store.get(domain);
    return bytes == null ? NEW : codec.decode(domain, bytes);
  }

  public void put(String domain, DomainState state) {
    store.put(domain, codec.encode(state));
  }
}
