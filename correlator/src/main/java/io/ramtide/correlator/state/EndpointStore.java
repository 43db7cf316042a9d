package io.ramtide.correlator.state;

import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.NetworkDirection;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueStore;

/** The network endpoints of every domain. */
public final class EndpointStore {
  public static final String NAME = "endpoints";

  private final StateCodec<EndpointState> states = new StateCodec<>(EndpointState.class);
  private final TrackedFindings<EndpointFinding> findings =
      new TrackedFindings<>(EndpointFinding.class);
  private final NumberedStore<TrackedEndpoint> store;

  public EndpointStore(KeyValueStore<String, byte[]> store) {
    this.store = new NumberedStore<>(store, TrackedEndpoint::number, this::encode, this::decode);
  }

  /** All endpoints of a domain, in the order they were first seen. */
  public List<TrackedEndpoint> all(String domain) {
    return store.all(domain);
  }

  /** Writes what differs. */
  public void replace(String domain, List<TrackedEndpoint> before, List<TrackedEndpoint> after) {
    store.replace(domain, before, after);
  }

  private byte[] encode(String domain, TrackedEndpoint endpoint) {
    return states.encode(
        new EndpointState(
            findings.encode(domain, endpoint.capture(), endpoint.finding()),
            endpoint.lastSeen(),
            endpoint.open(),
            endpoint.direction().name(),
            endpoint.owner()));
  }

  private TrackedEndpoint decode(String key, byte[] value) {
    EndpointState state = states.decode(key, value);
    var decoded = findings.decode(key, state.getFinding());
    return new TrackedEndpoint(
        Keys.number(key),
        decoded.capture(),
        bare(decoded.finding()),
        state.getLastSeen(),
        state.getOpen(),
        NetworkDirection.valueOf(state.getDirection()),
        state.getOwner());
  }

  /** As findings of a capture are compared: which capture it was stands beside it. */
  private static EndpointFinding bare(EndpointFinding finding) {
    return EndpointFinding.newBuilder(finding).setDomain("").setCapture(0).build();
  }
}
