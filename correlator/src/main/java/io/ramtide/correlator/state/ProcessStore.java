package io.ramtide.correlator.state;

import io.ramtide.schemas.ProcessFinding;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueStore;

/** The processes of every domain. */
public final class ProcessStore {
  public static final String NAME = "processes";

  private final StateCodec<ProcessState> states = new StateCodec<>(ProcessState.class);
  private final TrackedFindings<ProcessFinding> findings =
      new TrackedFindings<>(ProcessFinding.class);
  private final NumberedStore<TrackedProcess> store;

  public ProcessStore(KeyValueStore<String, byte[]> store) {
    this.store = new NumberedStore<>(store, TrackedProcess::number, this::encode, this::decode);
  }

  /** All processes of a domain, in the order they were first seen. */
  public List<TrackedProcess> all(String domain) {
    return store.all(domain);
  }

  /** Writes what differs. */
  public void replace(String domain, List<TrackedProcess> before, List<TrackedProcess> after) {
    store.replace(domain, before, after);
  }

  private byte[] encode(String domain, TrackedProcess process) {
    return states.encode(
        new ProcessState(
            findings.encode(domain, process.capture(), process.finding()),
            process.lastSeen(),
            process.rules()));
  }

  private TrackedProcess decode(String key, byte[] value) {
    ProcessState state = states.decode(key, value);
    var decoded = findings.decode(key, state.getFinding());
    return new TrackedProcess(
        Keys.number(key),
        decoded.capture(),
        bare(decoded.finding()),
        state.getLastSeen(),
        state.getRules());
  }

  /** As findings of a capture are compared: which capture it was stands beside it. */
  private static ProcessFinding bare(ProcessFinding finding) {
    return ProcessFinding.newBuilder(finding).setDomain("").setCapture(0).build();
  }
}
