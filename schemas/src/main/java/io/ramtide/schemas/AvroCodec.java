package io.ramtide.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.message.BadHeaderException;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.message.MissingSchemaException;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro single-object encoding of one record type: bytes c3 01, the writer schema's 64-bit
 * fingerprint (little-endian), then the Avro binary. Writer schemas are found among those that
 * Ramtide ever released, without a registry.
 */
public final class AvroCodec<T extends SpecificRecord> {
  private static final int HEADER_BYTES = 10;

  private final Class<T> type;
  private final BinaryMessageEncoder<T> encoder;
  private final BinaryMessageDecoder<T> decoder;
  private final Set<Long> fingerprints = new HashSet<>();

  private AvroCodec(Class<T> type) {
    AvroSafety.apply();
    this.type = type;
    SpecificData model = SpecificData.getForClass(type);
    Schema schema = model.getSchema(type);
    encoder = new BinaryMessageEncoder<>(model, schema);
    decoder = new BinaryMessageDecoder<>(model, schema);
    fingerprints.add(SchemaNormalization.parsingFingerprint64(schema));
    for (Schema released : ReleasedSchemas.of(type.getSimpleName())) {
      decoder.addSchema(released);
      fingerprints.add(SchemaNormalization.parsingFingerprint64(released));
    }
  }

  public static <T extends SpecificRecord> AvroCodec<T> of(Class<T> type) {
    return new AvroCodec<>(type);
  }

  /** The record types that have a topic; their names are the schemas' names. */
  public static List<Class<? extends SpecificRecord>> types() {
    List<Class<? extends SpecificRecord>> types =
        new ArrayList<>(List.of(Chunk.class, Manifest.class));
    for (FindingKind kind : FindingKind.values()) {
      types.add(kind.type());
    }
    types.addAll(
        List.of(
            ProcessEvent.class,
            RegistryEvent.class,
            NetworkEvent.class,
            CaptureEvent.class,
            Anomaly.class,
            Command.class,
            AgentStatus.class,
            Rejected.class));
    return types;
  }

  public byte[] encode(T record) {
    try {
      var out = new ByteArrayOutputStream(256);
      encoder.encode(record, out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a record.
   *
   * @throws UnreadableRecordException if the bytes are no {@code T}, with the reason
   */
  public T decode(byte[] bytes) throws UnreadableRecordException {
    if (bytes == null) {
      throw new UnreadableRecordException("no value where a " + name() + " belongs");
    }
    try {
      return decoder.decode(bytes);
    } catch (BadHeaderException e) {
      throw new UnreadableRecordException(
          "not Avro single-object encoding: " + bytes.length + " bytes, no c3 01 header", e);
    } catch (MissingSchemaException e) {
      throw new UnreadableRecordException(
          "not a " + name() + " of any version known to this Ramtide: " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      // Avro meets hostile lengths and enum positions with unchecked exceptions of many kinds.
      throw new UnreadableRecordException("corrupt " + name() + ": " + describe(e), e);
    }
  }

  /** Whether the bytes claim to be some record of this type, by their fingerprint. */
  public boolean claims(byte[] bytes) {
    return fingerprint(bytes).filter(fingerprints::contains).isPresent();
  }

  /** Of every version of this type that can be read. */
  Set<Long> fingerprints() {
    return Set.copyOf(fingerprints);
  }

  /** The writer schema's fingerprint; empty if there is no header. */
  static Optional<Long> fingerprint(byte[] bytes) {
    return bytes != null && bytes.length >= HEADER_BYTES && bytes[0] == (byte) 0xc3 && bytes[1] == 1
        ? Optional.of(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2))
        : Optional.empty();
  }

  private String name() {
    return type.getSimpleName();
  }

  private static String describe(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
