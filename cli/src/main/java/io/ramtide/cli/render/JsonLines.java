package io.ramtide.cli.render;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import io.ramtide.schemas.FileTime;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.FindingKind;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro records as JSON, one a line, with the schema's field names. A field's property "format"
 * tells how its number is written: filetime and unix-micros as RFC 3339 in UTC, address as "0x" and
 * lower-case hex digits (unsigned). Enums are text, upper-case symbols in camel case (NO_WINDOWS:
 * noWindows); bytes are hex digits. A field whose property "typedBy" names another field is the
 * data of a registry value of that type: it is written as what the type says (left out where that
 * is only bytes), then as hex digits with "Hex" behind its name. The line is ASCII without control
 * characters.
 */
public final class JsonLines {
  private static final JsonFactory JSON = factory();
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private JsonLines() {}

  /**
   * Renders a record.
   *
   * @param kind written first, as the field "kind"
   */
  public static String of(String kind, IndexedRecord record) {
    return of(kind, record, 0);
  }

  /** Renders a finding without its domain and capture: outside of the pipeline it has none. */
  public static String of(SpecificRecord finding) {
    return of(FindingKind.of(finding).name(), finding, FindingCodec.ENVELOPE_FIELDS);
  }

  /** The line before a guest's findings, which do not say whose they are. */
  public static String ofListing(String domain, String name, long capture) {
    return of(
        "listing",
        json -> {
          json.writeStringField("domain", domain);
          json.writeStringField("name", name);
          json.writeNumberField("capture", capture);
        });
  }

  private static String of(String kind, IndexedRecord record, int firstField) {
    return of(kind, json -> writeFields(json, record, firstField));
  }

  /** Writes the fields of an object. */
  @FunctionalInterface
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  static String of(String kind, Fields fields) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("kind", kind);
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot fail to be written", e);
    }
    return line.toString();
  }

  static void writeFields(JsonGenerator json, IndexedRecord record, int first) throws IOException {
    List<Schema.Field> fields = record.getSchema().getFields();
    for (Schema.Field field : fields.subList(first, fields.size())) {
      writeField(json, record, field);
    }
  }

  static void writeField(JsonGenerator json, IndexedRecord record, Schema.Field field)
      throws IOException {
    Object value = record.get(field.pos());
    String typedBy = field.getProp("typedBy");
    if (typedBy == null) {
      json.writeFieldName(field.name());
      write(json, value, field.getProp("format"));
      return;
    }
    Object type = record.get(record.getSchema().getField(typedBy).pos());
    if (type != null && RegistryData.hasForm(type.toString())) {
      Object data =
          value == null ? null : RegistryData.of(type.toString(), (ByteBuffer) value).orElse(null);
      json.writeFieldName(field.name());
      write(json, data, null);
    }
    json.writeFieldName(field.name() + "Hex");
    write(json, value, null);
  }

  private static void write(JsonGenerator json, Object value, String format) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Number number && format != null) {
      json.writeString(formatted(number.longValue(), format));
    } else if (value instanceof Long || value instanceof Integer) {
      json.writeNumber(((Number) value).longValue());
    } else if (value instanceof BigInteger number) {
      json.writeNumber(number);
    } else if (value instanceof Number number) {
      json.writeNumber(number.doubleValue());
    } else if (value instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else if (value instanceof Enum<?> symbol) {
      json.writeString(EnumText.of(symbol));
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object element : list) {
        write(json, element, format);
      }
      json.writeEndArray();
    } else if (value instanceof GenericFixed fixed) {
      json.writeString(HexFormat.of().formatHex(fixed.bytes()));
    } else if (value instanceof ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      json.writeString(HexFormat.of().formatHex(copy));
    } else if (value instanceof IndexedRecord record) {
      json.writeStartObject();
      writeFields(json, record, 0);
      json.writeEndObject();
    } else {
      json.writeString(value.toString());
    }
  }

  private static String formatted(long value, String format) {
    return switch (format) {
      case "filetime" -> FileTime.format(value);
      case "unix-micros" -> MICROS.format(Instant.EPOCH.plus(value, ChronoUnit.MICROS));
      case "address" -> "0x" + Long.toHexString(value);
      default -> throw new IllegalArgumentException("no such format in a schema: " + format);
    };
  }

  private static JsonFactory factory() {
    return new JsonFactoryBuilder()
        .highestNonEscapedChar(127)
        .characterEscapes(new DeleteEscaped())
        .build();
  }

  /** JSON does not ask for 0x7f to be escaped, but it is a control character. */
  private static final class DeleteEscaped extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = standardAsciiEscapesForJSON();
      codes[0x7f] = ESCAPE_STANDARD;
      return codes;
    }

    @Override
    public SerializableString getEscapeSequence(int ch) {
      return null; // No custom sequences.
    }
  }
}
