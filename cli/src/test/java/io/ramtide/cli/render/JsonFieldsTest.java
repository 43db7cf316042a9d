package io.ramtide.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.AvroSafety;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.ProcessEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** README.md's table of JSON fields is that of the schemas. */
class JsonFieldsTest {
  private static final Map<String, Schema> KINDS = new LinkedHashMap<>();

  static {
    AvroSafety.apply();
    for (FindingKind kind : FindingKind.values()) {
      KINDS.put(kind.name(), SpecificData.get().getSchema(kind.type()));
    }
    KINDS.put("processEvent", ProcessEvent.getClassSchema());
    KINDS.put("anomaly", Anomaly.getClassSchema());
    KINDS.put("capture", CaptureEvent.getClassSchema());
  }

  @Test
  void readme_listsTheFieldsOfEveryKind() throws Exception {
    assertThat(Files.readString(Path.of("README.md"))).contains(table());
  }

  /** What is printed has exactly the documented fields, in their order. */
  @ParameterizedTest
  @EnumSource(FindingKind.class)
  void finding_hasTheFieldsOfItsSchema_butNoDomainAndCapture(FindingKind kind) throws Exception {
    SpecificRecord empty =
        (SpecificRecord) SpecificData.get().newRecord(null, KINDS.get(kind.name()));
    List<String> names = new ArrayList<>(List.of("kind"));
    fields(KINDS.get(kind.name())).forEach(field -> names.add(field.name()));
    List<String> printed = new ArrayList<>();
    var json = new ObjectMapper().readTree(JsonLines.of(empty));
    json.fieldNames().forEachRemaining(printed::add);

    assertThat(printed).isEqualTo(names).doesNotContain("domain", "capture");
    assertThat(json.get("kind").asText()).isEqualTo(kind.name());
  }

  private static String table() {
    return KINDS.entrySet().stream()
        .map(
            kind ->
                "| `%s` | %s | %s |"
                    .formatted(
                        kind.getKey(), kind.getValue().getName(), text(fields(kind.getValue()))))
        .collect(Collectors.joining("\n"));
  }

  private static List<Schema.Field> fields(Schema record) {
    boolean finding = KINDS.get("summary").equals(record) || record.getName().endsWith("Finding");
    List<Schema.Field> fields = record.getFields();
    return finding ? fields.subList(2, fields.size()) : fields;
  }

  private static String text(List<Schema.Field> fields) {
    return fields.stream().map(JsonFieldsTest::field).collect(Collectors.joining(", "));
  }

  private static String field(Schema.Field field) {
    String format = field.getProp("format");
    String how =
        format == null
            ? ""
            : switch (format) {
              case "address" -> " (address)";
              default -> " (time)";
            };
    return "`" + field.name() + "`" + how + nested(field.schema());
  }

  private static String nested(Schema type) {
    return switch (type.getType()) {
      case RECORD -> " {" + text(type.getFields()) + "}";
      case ARRAY -> {
        String element = nested(type.getElementType()).strip();
        yield element.isEmpty() ? "" : " [" + element + "]";
      }
      default -> "";
    };
  }
}
