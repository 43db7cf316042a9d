package io.ramtide.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaFormatter;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every record type reads what past releases wrote, and they read what it writes: FULL. */
class SchemaCompatibilityTest {
  static Stream<Class<? extends SpecificRecord>> types() {
    return AvroCodec.types().stream();
  }

  @ParameterizedTest
  @MethodSource("types")
  void schema_isFullCompatible_withEveryRelease(Class<? extends SpecificRecord> type) {
    Schema current = SpecificData.get().getSchema(type);
    List<Schema> released = ReleasedSchemas.of(type.getSimpleName());
    assertThat(released).as("releases of %s", type.getSimpleName()).isNotEmpty();
    List<String> breaks = new ArrayList<>();
    for (Schema before : released) {
      breaks.addAll(breaks("cannot read the release's records", current, before));
      breaks.addAll(breaks("the release cannot read its records", before, current));
    }
    assertThat(breaks).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(FindingKind.class)
  void finding_beginsWithDomainAndCapture(FindingKind kind) {
    List<Schema.Field> fields = SpecificData.get().getSchema(kind.type()).getFields();
    assertThat(fields.get(FindingCodec.DOMAIN).name()).isEqualTo("domain");
    assertThat(fields.get(FindingCodec.CAPTURE).name()).isEqualTo("capture");
  }

  @Test
  void aFieldWithoutDefault_isNoticed() {
    Schema before = new Schema.Parser().parse(record("{'name': 'a', 'type': 'int'}"));
    Schema after =
        new Schema.Parser()
            .parse(record("{'name': 'a', 'type': 'int'}, {'name': 'b', 'type': 'int'}"));
    assertThat(breaks("", after, before)).isNotEmpty();
    assertThat(breaks("", before, after)).isEmpty();
  }

  /** Writing the release: copy these files to released/VERSION/ and name them in the index. */
  @ParameterizedTest
  @MethodSource("types")
  void schema_isSelfContained(Class<? extends SpecificRecord> type) {
    String json = SchemaFormatter.format("json/pretty", SpecificData.get().getSchema(type));
    assertThat(new Schema.Parser().parse(json)).isEqualTo(SpecificData.get().getSchema(type));
  }

  private static List<String> breaks(String what, Schema reader, Schema writer) {
    var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
    return result.getType() == SchemaCompatibilityType.COMPATIBLE
        ? List.of()
        : List.of(what + ": " + result.getResult().getIncompatibilities());
  }

  private static String record(String fields) {
    return "{'type': 'record', 'name': 'R', 'fields': [%s]}".formatted(fields).replace('\'', '"');
  }
}
