package io.ramtide.correlator.intake;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.correlator.process.EventOrder;
import io.ramtide.correlator.registry.OpenKeys;
import io.ramtide.correlator.state.FindingBuffer;
import io.ramtide.correlator.state.KindCount;
import io.ramtide.correlator.state.OpenCapture;
import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.Finding;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryKeyGone;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.SystemFinding;
import io.ramtide.schemas.UnreadableRecordException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** The findings of a capture in progress, counted, and kept as far as the limits allow. */
public final class OpenFindings {
  private final FindingCodec codec = new FindingCodec();
  private final FindingBuffer buffer;
  private final OpenKeys keys;
  private final Limits limits;

  public OpenFindings(FindingBuffer buffer, OpenKeys keys, Limits limits) {
    this.buffer = buffer;
    this.keys = keys;
    this.limits = limits;
  }

  /** Takes a finding in; the capture after it. */
  public OpenCapture add(String domain, OpenCapture open, SpecificRecord finding) {
    FindingKind kind = FindingKind.of(finding);
    KindCount count = Tally.of(open, kind);
    if (count.getKept() >= limits.of(kind)) {
      return Tally.with(open, kind, false, 0).build();
    }
    if (finding instanceof RegistryKeyFinding key) {
      if (count.getBytes() >= limits.keyBytes()) {
        return Tally.with(open, kind, false, 0).build();
      }
      return Tally.with(open, kind, true, keys.add(domain, key)).build();
    }
    if (finding instanceof RegistryKeyGone gone) {
      return Tally.with(open, kind, true, keys.add(domain, gone)).build();
    }
    return buffer(domain, open, kind, finding);
  }

  private OpenCapture buffer(
      String domain, OpenCapture open, FindingKind kind, SpecificRecord finding) {
    byte[] bytes = codec.encode("", 0, Taming.tame(finding));
    if (Tally.bufferedBytes(open) + bytes.length > limits.findingBytes()) {
      bytes = codec.encode("", 0, Taming.tameWithoutTexts(finding));
    }
    buffer.add(domain, open.getBuffered(), bytes);
    return Tally.with(open, kind, true, bytes.length).setBuffered(open.getBuffered() + 1).build();
  }

  /** How many findings of a capture came so far. */
  public static int count(OpenCapture open) {
    return Tally.came(open);
  }

  /** Forgets all findings of a capture but its keys. */
  public void forget(String domain, OpenCapture open) {
    buffer.clear(domain, open.getBuffered());
  }

  /** Forgets the keys of a domain's capture. */
  public void forgetKeys(String domain) {
    keys.clear(domain);
  }

  /**
   * The capture that a Summary closes; its keys stay where they are.
   *
   * @param last with the Summary
   * @throws UnreadableRecordException if there are not as many findings as it says
   */
  public Capture close(Finding last, OpenCapture open) throws UnreadableRecordException {
    Summary summary = (Summary) last.body();
    int expected = Tally.expected(summary);
    int came = Tally.came(open);
    if (expected != came) {
      throw new UnreadableRecordException(
          ("the Summary of capture %d speaks of %d findings of the kinds that are correlated,"
                  + " but %d came: none is correlated")
              .formatted(last.capture(), expected, came));
    }
    SystemFinding system = null;
    List<ProcessFinding> processes = new ArrayList<>();
    List<HiveFinding> hives = new ArrayList<>();
    List<EndpointFinding> endpoints = new ArrayList<>();
    for (byte[] bytes : buffer.all(last.domain())) {
      SpecificRecord body = body(bytes);
      if (body instanceof SystemFinding s) {
        system = s;
      } else if (body instanceof ProcessFinding p) {
        if (!p.getIdle()) { // It would come and go with each list that was walked or not.
          processes.add(p);
        }
      } else if (body instanceof HiveFinding h) {
        hives.add(h);
      } else if (body instanceof EndpointFinding e) {
        endpoints.add(e);
      }
    }
    processes.sort(EventOrder.OF_PROCESSES);
    removeTwins(processes);
    return new Capture(
        last.domain(),
        last.capture(),
        Taming.tame(summary),
        system,
        processes,
        hives,
        endpoints,
        Tally.dropped(open));
  }

  /** A scanner tells each process once; if it does not, twice is not two processes. */
  private static void removeTwins(List<ProcessFinding> sorted) {
    for (int i = sorted.size() - 1; i > 0; i--) {
      if (EventOrder.OF_PROCESSES.compare(sorted.get(i - 1), sorted.get(i)) == 0) {
        sorted.remove(i);
      }
    }
  }

  /** The finding in a buffered record: it was readable when it came. */
  private SpecificRecord body(byte[] buffered) {
    try {
      return codec.decode(buffered).body();
    } catch (UnreadableRecordException e) {
      throw new IllegalStateException("damaged state: " + e.getMessage(), e);
    }
  }
}
