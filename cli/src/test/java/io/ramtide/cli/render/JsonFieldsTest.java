package io.ramtide.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.SystemFinding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** README.md's table of JSON fields is that of the schemas. */
class JsonFieldsTest {
  private static final Map<String, Schema> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("system", SystemFinding.getClassSchema());
    KINDS.put("process", ProcessFinding.getClassSchema());
    KINDS.put("summary", Summary.getClassSchema());
    KINDS.put("processEvent", ProcessEvent.getClassSchema());
    KINDS.put("anomaly", Anomaly.getClassSchema());
    KINDS.put("capture", CaptureEvent.getClassSchema());
  }

  @Test
  void readme_listsTheFieldsOfEveryKind() throws Exception {
    assertThat(Files.readString(Path.of("README.md"))).contains(table());
  }

  private static String table() {
    return KINDS.entrySet().stream()
        .map(
            kind ->
                "| `%s` | %s | %s |"
                    .formatted(kind.getKey(), kind.getValue().getName(), fields(kind.getValue())))
        .collect(Collectors.joining("\n"));
  }

  private static String fields(Schema record) {
    return record.getFields().stream().map(JsonFieldsTest::field).collect(Collectors.joining(", "));
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
    Schema type = field.schema();
    String nested = type.getType() == Schema.Type.RECORD ? " {" + fields(type) + "}" : "";
    return "`" + field.name() + "`" + how + nested;
  }
}
