package io.ramtide.correlator.state;

import io.ramtide.schemas.AvroSafety;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Avro single-object encoding of one state record. State outlives the program that wrote it:
 * resource {@code released/index} lists the schemas of past releases, e.g. {@code
 * 0.1.0/DomainState.avsc}, and their records stay readable.
 */
final class StateCodec<T extends SpecificRecord> {
  private static final String FOLDER = "released/";

  static {
    AvroSafety.apply(); // Sets its own trust first, which the next line extends.
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(),
            type -> type.getPackage() == StateCodec.class.getPackage()));
  }

  private final String name;
  private final BinaryMessageEncoder<T> encoder;
  private final BinaryMessageDecoder<T> decoder;

  StateCodec(Class<T> type) {
    name = type.getSimpleName();
    SpecificData model = SpecificData.getForClass(type);
    Schema schema = model.getSchema(type);
    encoder = new BinaryMessageEncoder<>(model, schema);
    decoder = new BinaryMessageDecoder<>(model, schema);
    for (String file : releasedFiles()) {
      if (file.endsWith("/" + name + ".avsc")) {
        decoder.addSchema(parse(file));
      }
    }
  }

  byte[] encode(T state) {
    try {
      var out = new ByteArrayOutputStream(256);
      encoder.encode(state, out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a state record.
   *
   * @throws IllegalStateException if it is unreadable: the state is damaged or of a newer Ramtide
   */
  T decode(String key, byte[] bytes) {
    try {
      return decoder.decode(bytes);
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException(
          "the correlator's state %s of %s is damaged or was written by a newer Ramtide: %s"
              .formatted(name, key, e.getMessage()),
          e);
    }
  }

  static List<String> releasedFiles() {
    try (var lines =
        new BufferedReader(new InputStreamReader(open("index"), StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> !line.isBlank()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Schema parse(String file) {
    try (InputStream in = open(file)) {
      return new Schema.Parser().parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException("state schema resource " + file, e);
    }
  }

  private static InputStream open(String file) throws IOException {
    InputStream in = StateCodec.class.getResourceAsStream(FOLDER + file);
    if (in == null) {
      throw new IOException("missing resource " + FOLDER + file);
    }
    return in;
  }
}
