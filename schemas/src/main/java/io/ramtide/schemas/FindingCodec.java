package io.ramtide.schemas;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * The records of ramtide.findings: one Avro record type a kind, in single-object encoding, told
 * apart by the fingerprint. Every type begins with the fields {@code domain} and {@code capture}.
 */
public final class FindingCodec {
  /** How many fields stand before those of the kind: domain and capture. */
  public static final int ENVELOPE_FIELDS = 2;

  static final int DOMAIN = 0;
  static final int CAPTURE = 1;

  private final Map<FindingKind, AvroCodec<SpecificRecord>> codecs =
      new EnumMap<>(FindingKind.class);
  private final Map<Long, FindingKind> kinds = new HashMap<>();

  public FindingCodec() {
    for (FindingKind kind : FindingKind.values()) {
      AvroCodec<SpecificRecord> codec = codec(kind);
      codecs.put(kind, codec);
      codec.fingerprints().forEach(fingerprint -> kinds.put(fingerprint, kind));
    }
  }

  @SuppressWarnings("unchecked") // A codec gives and takes records of its own type.
  private static AvroCodec<SpecificRecord> codec(FindingKind kind) {
    return (AvroCodec<SpecificRecord>) AvroCodec.of(kind.type());
  }

  /** Encodes a finding as one of this domain and capture, whatever it says itself. */
  public byte[] encode(String domain, long capture, SpecificRecord finding) {
    Schema schema = finding.getSchema();
    SpecificRecord stamped = (SpecificRecord) SpecificData.get().newRecord(null, schema);
    for (int field = 0; field < schema.getFields().size(); field++) {
      stamped.put(field, finding.get(field));
    }
    stamped.put(DOMAIN, domain);
    stamped.put(CAPTURE, capture);
    return codecs.get(FindingKind.of(finding)).encode(stamped);
  }

  /** The kind that a record claims to be by its fingerprint, without decoding it. */
  public Optional<FindingKind> kind(byte[] bytes) {
    return AvroCodec.fingerprint(bytes).map(kinds::get);
  }

  /**
   * Reads a record.
   *
   * @throws UnreadableRecordException if the bytes are no finding, with the reason
   */
  public Finding decode(byte[] bytes) throws UnreadableRecordException {
    if (bytes == null) {
      throw new UnreadableRecordException("no value where a finding belongs");
    }
    FindingKind kind = kind(bytes).orElse(null);
    if (kind == null) {
      throw new UnreadableRecordException(
          AvroCodec.fingerprint(bytes)
              .map("not a finding of any version known to this Ramtide: schema %016x"::formatted)
              .orElse("not Avro single-object encoding: %d bytes".formatted(bytes.length)));
    }
    SpecificRecord body = codecs.get(kind).decode(bytes);
    return new Finding((String) body.get(DOMAIN), (long) body.get(CAPTURE), body);
  }
}
