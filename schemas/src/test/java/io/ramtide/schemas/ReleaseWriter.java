package io.ramtide.schemas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/** Copies the schemas to {@code released/VERSION/} and names them in the index: see the README. */
final class ReleaseWriter {
  private ReleaseWriter() {}

  /** Takes the version and the folder {@code released}. */
  public static void main(String[] args) throws IOException {
    String version = args[0];
    Path released = Path.of(args[1]);
    Files.createDirectories(released.resolve(version));
    Path index = released.resolve("index");
    List<String> names = new ArrayList<>(Files.readAllLines(index));
    names.removeIf(name -> name.startsWith(version + "/"));
    for (Class<? extends SpecificRecord> type : AvroCodec.types()) {
      Schema schema = SpecificData.get().getSchema(type);
      String name = version + "/" + type.getSimpleName() + ".avsc";
      Files.writeString(
          released.resolve(name), SchemaFormatter.format("json/pretty", schema) + "\n");
      names.add(name);
    }
    Files.write(index, names);
  }
}
