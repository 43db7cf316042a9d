package io.ramtide.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.schemas.AgentStatus;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.AvroSafety;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.RegistryEvent;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

  private static final String REGISTRY_VALUE =
      "`hive`, `key`, `name`, `type`, `length`, `data`, `dataHex`, `dataStatus`, `sha256`,"
          + " `cell` (address), `cellGpa` (address), `lastWriteTime` (time), `hiveVa` (address)";

  static {
    AvroSafety.apply();
    for (FindingKind kind : FindingKind.values()) {
      KINDS.put(kind.name(), SpecificData.get().getSchema(kind.type()));
    }
    KINDS.put("processEvent", ProcessEvent.getClassSchema());
    KINDS.put("registryEvent", RegistryEvent.getClassSchema());
    KINDS.put("networkEvent", NetworkEvent.getClassSchema());
    KINDS.put("anomaly", Anomaly.getClassSchema());
    KINDS.put("capture", CaptureEvent.getClassSchema());
    KINDS.put("agent", AgentStatus.getClassSchema());
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
    if (empty instanceof RegistryKeyFinding key) {
      key.put(key.getSchema().getField("valueList").pos(), List.of());
    }
    List<String> names = new ArrayList<>(List.of("kind"));
    fields(kind.name()).forEach(field -> names.add(field.name()));
    List<String> lines = new ArrayList<>();
    FindingLines.of(empty, lines::add);
    JsonNode json = new ObjectMapper().readTree(lines.get(0));

    assertThat(lines).hasSize(1);
    assertThat(names(json)).isEqualTo(names).doesNotContain("domain", "capture");
    assertThat(json.get("kind").asText()).isEqualTo(kind.name());
  }

  @Test
  void registryValue_hasTheDocumentedFields() throws Exception {
    RegistryKeyFinding key =
        RegistryKeyFinding.newBuilder()
            .setHive("h")
            .setHiveVa(0)
            .setKey("k")
            .setLastWriteTime(0)
            .setSubkeys(0)
            .setValues(1)
            .setVolatile$(false)
            .setCell(0)
            .setValueList(
                List.of(new RegistryValue("n", "REG_SZ", 0L, null, "paged out", null, 0L, null)))
            .build();
    List<String> lines = new ArrayList<>();
    FindingLines.of(key, lines::add);
    List<String> documented =
        Arrays.stream(REGISTRY_VALUE.replaceAll("\\([a-z]*\\)|[` ]", "").split(",")).toList();

    assertThat(names(new ObjectMapper().readTree(lines.get(1))))
        .startsWith("kind")
        .endsWith(documented.toArray(String[]::new))
        .hasSize(documented.size() + 1);
  }

  private static List<String> names(JsonNode json) {
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static String table() {
    return KINDS.entrySet().stream()
        .map(
            kind ->
                row(kind.getKey(), kind.getValue().getName(), text(fields(kind.getKey())))
                    + (kind.getKey().equals(FindingKind.registryKey.name())
                        ? "\n" + row("registryValue", "RegistryValue", REGISTRY_VALUE)
                        : ""))
        .collect(Collectors.joining("\n"));
  }

  private static String row(String kind, String record, String fields) {
    return "| `%s` | %s | %s |".formatted(kind, record, fields);
  }

  /** A registry key's values are lines of their own. */
  private static List<Schema.Field> fields(String kind) {
    List<Schema.Field> fields = KINDS.get(kind).getFields();
    boolean finding = Arrays.stream(FindingKind.values()).map(Enum::name).anyMatch(kind::equals);
    return fields.subList(finding ? 2 : 0, fields.size()).stream()
        .filter(field -> !field.name().equals("valueList"))
        .toList();
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
    String data = field.getProp("typedBy") == null ? "" : ", `" + field.name() + "Hex`";
    return "`" + field.name() + "`" + how + nested(field.schema()) + data;
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
