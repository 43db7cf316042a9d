package io.ramtide.correlator.state;

import io.ramtide.schemas.Finding;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.UnreadableRecordException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;

/** The processes of every domain, one record each, so that no record grows with the guest. */
public final class ProcessStore {
  public static final String NAME = "processes";

  private final StateCodec<ProcessState> states = new StateCodec<>(ProcessState.class);
  private final FindingCodec findings = new FindingCodec();
  private final KeyValueStore<String, byte[]> store;

  public ProcessStore(KeyValueStore<String, byte[]> store) {
    this.store = store;
  }

  /** All processes of a domain, in the order they were first seen. */
  public List<TrackedProcess> all(String domain) {
    List<TrackedProcess> all = new ArrayList<>();
    try (var entries = store.range(Keys.first(domain), Keys.last(domain))) {
      entries.forEachRemaining(entry -> all.add(decode(entry.key, entry.value)));
    }
    return all;
  }

  /** Writes what differs: most processes are the same in every capture. */
  public void replace(String domain, List<TrackedProcess> before, List<TrackedProcess> after) {
    Map<Long, TrackedProcess> old = new HashMap<>();
    before.forEach(process -> old.put(process.number(), process));
    for (TrackedProcess process : after) {
      if (!process.equals(old.remove(process.number()))) {
        store.put(Keys.of(domain, process.number()), encode(domain, process));
      }
    }
    old.keySet().stream().sorted().forEach(gone -> store.delete(Keys.of(domain, gone)));
  }

  private byte[] encode(String domain, TrackedProcess process) {
    byte[] finding = findings.encode(domain, process.capture(), process.finding());
    return states.encode(
        new ProcessState(ByteBuffer.wrap(finding), process.lastSeen(), process.rules()));
  }

  private TrackedProcess decode(String key, byte[] value) {
    ProcessState state = states.decode(key, value);
    byte[] bytes = new byte[state.getFinding().remaining()];
    state.getFinding().duplicate().get(bytes);
    try {
      Finding finding = findings.decode(bytes);
      return new TrackedProcess(
          Keys.number(key),
          finding.capture(),
          bare((ProcessFinding) finding.body()),
          state.getLastSeen(),
          state.getRules());
    } catch (UnreadableRecordException | ClassCastException e) {
      throw new IllegalStateException(
          "the correlator's state of process %s is damaged or was written by a newer Ramtide: %s"
              .formatted(key, e.getMessage()),
          e);
    }
  }

  /** As findings of a capture are compared: which capture it was stands beside it. */
  private static ProcessFinding bare(ProcessFinding finding) {
    return ProcessFinding.newBuilder(finding).setDomain("").setCapture(0).build();
  }
}
