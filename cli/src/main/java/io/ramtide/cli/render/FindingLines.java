package io.ramtide.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryValue;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/** Findings as JSON Lines: a line each, and for a registry key one more for each of its values. */
public final class FindingLines {
  private static final String VALUES = "valueList";
  private static final List<String> VALUE_OF = List.of("hive", "key");
  private static final List<String> VALUE_OF_TOO = List.of("lastWriteTime", "hiveVa");

  private FindingLines() {}

  /** Hands a finding's lines over, one after the other: a value may be large. */
  public static void of(SpecificRecord finding, Consumer<String> lines) {
    if (finding instanceof RegistryKeyFinding key) {
      lines.accept(line(key));
      key.getValueList().forEach(value -> lines.accept(line(key, value)));
    } else {
      lines.accept(JsonLines.of(finding));
    }
  }

  private static String line(RegistryKeyFinding key) {
    List<Schema.Field> fields = key.getSchema().getFields();
    return JsonLines.of(
        FindingKind.registryKey.name(),
        json -> {
          for (Schema.Field field : fields.subList(FindingCodec.ENVELOPE_FIELDS, fields.size())) {
            if (!field.name().equals(VALUES)) {
              JsonLines.writeField(json, key, field);
            }
          }
        });
  }

  private static String line(RegistryKeyFinding key, RegistryValue value) {
    return JsonLines.of(
        "registryValue",
        json -> {
          write(json, key, VALUE_OF);
          JsonLines.writeFields(json, value, 0);
          write(json, key, VALUE_OF_TOO);
        });
  }

  private static void write(JsonGenerator json, RegistryKeyFinding key, List<String> fields)
      throws IOException {
    for (String field : fields) {
      JsonLines.writeField(json, key, key.getSchema().getField(field));
    }
  }
}
