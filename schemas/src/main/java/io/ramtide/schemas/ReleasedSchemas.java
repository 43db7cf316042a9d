package io.ramtide.schemas;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * The schemas of past releases, shipped so that their records stay readable without a registry.
 * Resource {@code released/index} lists the files, oldest first: {@code 0.1.0/Chunk.avsc}.
 */
final class ReleasedSchemas {
  private static final String FOLDER = "released/";

  private ReleasedSchemas() {}

  /** All released versions of a record type, oldest first. */
  static List<Schema> of(String recordName) {
    List<Schema> schemas = new ArrayList<>();
    for (String file : index()) {
      if (file.endsWith("/" + recordName + ".avsc")) {
        schemas.add(parse(file));
      }
    }
    return schemas;
  }

  private static List<String> index() {
    try (var lines =
        new BufferedReader(new InputStreamReader(open("index"), StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> !line.isBlank()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Schema parse(String file) {
    try (InputStream in = open(file)) {
      return new Schema.Parser().parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException("schema resource " + file, e);
    }
  }

  private static InputStream open(String file) throws IOException {
    InputStream in = ReleasedSchemas.class.getResourceAsStream(FOLDER + file);
    if (in == null) {
      throw new IOException("missing resource " + FOLDER + file);
    }
    return in;
  }
}
