package io.ramtide.correlator.state;

import io.ramtide.schemas.Finding;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.UnreadableRecordException;
import java.nio.ByteBuffer;
import org.apache.avro.specific.SpecificRecord;

/** Findings as state records hold them: whole, as on ramtide.findings. */
final class TrackedFindings<T extends SpecificRecord> {
  private final FindingCodec codec = new FindingCodec();
  private final Class<T> type;

  /** A finding, and the capture that it is of. */
  record Decoded<T>(long capture, T finding) {}

  TrackedFindings(Class<T> type) {
    this.type = type;
  }

  ByteBuffer encode(String domain, long capture, T finding) {
    return ByteBuffer.wrap(codec.encode(domain, capture, finding));
  }

  /**
   * Reads a finding.
   *
   * @param key of its state record
   * @throws IllegalStateException if it is unreadable: the state is damaged or of a newer Ramtide
   */
  Decoded<T> decode(String key, ByteBuffer finding) {
    byte[] bytes = new byte[finding.remaining()];
    finding.duplicate().get(bytes);
    try {
      Finding decoded = codec.decode(bytes);
      return new Decoded<>(decoded.capture(), type.cast(decoded.body()));
    } catch (UnreadableRecordException | ClassCastException e) {
      throw new IllegalStateException(
          "the correlator's state %s of %s is damaged or was written by a newer Ramtide: %s"
              .formatted(type.getSimpleName(), key, e.getMessage()),
          e);
    }
  }
}
