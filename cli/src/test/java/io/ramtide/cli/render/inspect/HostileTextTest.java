package io.ramtide.cli.render.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.cli.Output;
import io.ramtide.cli.render.FindingLines;
import io.ramtide.cli.render.Kinds;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.AvroSafety;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every text of a finding comes from the guest: what a terminal would obey is never shown. */
class HostileTextTest {
  private static final String EVIL =
      "\u001b[2J\u001b]0;owned\u0007\r\n\b\u007f\u0085\u009b31m\u202e\u2066\u2028\ud800\udfff\0x";

  @BeforeAll
  static void trustTheRecords() {
    AvroSafety.apply();
  }

  private final Output output = new Output();

  @ParameterizedTest
  @EnumSource(FindingKind.class)
  void jsonLineOfEveryKind_isPlainAscii(FindingKind kind) {
    List<String> lines = new ArrayList<>();
    FindingLines.of(hostile(kind), lines::add);

    assertThat(lines).isNotEmpty().allSatisfy(line -> assertThat(line).contains("owned"));
    assertThat(String.join("", lines).chars()).allMatch(c -> c >= ' ' && c <= '~');
  }

  @Test
  void registryValue_whoseDataIsHostileText_isEscapedToo() {
    RegistryKeyFinding key = (RegistryKeyFinding) hostile(FindingKind.registryKey);
    RegistryValue value = key.getValueList().get(0);
    value.put(value.getSchema().getField("type").pos(), "REG_SZ");
    KindListing listing = new KindListing(output.terminal(false));
    listing.add(key);
    listing.print(List.of(new Coverage("registry", CoverageStatus.complete, 1, null)));

    assertThat(output.out()).contains("]0;owned\\x07");
    assertThat(String.join("", output.lines()).codePoints()).allMatch(HostileTextTest::isHarmless);
    List<String> lines = new ArrayList<>();
    FindingLines.of(key, lines::add);
    assertThat(lines.get(1)).contains("\\u001B]0;owned");
    assertThat(lines.get(1).chars()).allMatch(c -> c >= ' ' && c <= '~');
  }

  @ParameterizedTest
  @EnumSource(What.class)
  void tableOfEveryKind_showsNoControlCharacter(What what) {
    KindListing listing = new KindListing(output.terminal(false));

    listing.add(hostile(Kinds.singular(what.name())));
    listing.print(List.of(new Coverage(what.name(), CoverageStatus.incomplete, 1, EVIL)));

    assertThat(output.lines()).hasSizeGreaterThan(2);
    assertThat(String.join("", output.lines())).contains("owned");
    for (String line : output.lines()) {
      assertThat(line.codePoints()).allMatch(HostileTextTest::isHarmless);
    }
  }

  private static boolean isHarmless(int c) {
    int type = Character.getType(c);
    return type != Character.CONTROL
        && type != Character.FORMAT
        && type != Character.SURROGATE
        && type != Character.LINE_SEPARATOR;
  }

  private static SpecificRecord hostile(FindingKind kind) {
    Schema schema = SpecificData.get().getSchema(kind.type());
    return (SpecificRecord) hostile(schema);
  }

  /** A value of a schema with the hostile text wherever there is a text, and no field left out. */
  private static Object hostile(Schema schema) {
    return switch (schema.getType()) {
      case RECORD -> {
        SpecificRecord record =
            (SpecificRecord) SpecificData.newInstance(SpecificData.get().getClass(schema), schema);
        schema.getFields().forEach(field -> record.put(field.pos(), hostile(field.schema())));
        yield record;
      }
      case UNION -> hostile(schema.getTypes().get(schema.getTypes().size() - 1));
      case ARRAY -> List.of(hostile(schema.getElementType()));
      case ENUM -> SpecificData.get().createEnum(schema.getEnumSymbols().get(0), schema);
      case STRING -> EVIL;
      case INT -> 1;
      case LONG -> 1L;
      case BOOLEAN -> true;
      case BYTES -> ByteBuffer.wrap(EVIL.getBytes(StandardCharsets.UTF_16LE));
      case DOUBLE -> 1.0;
      default -> throw new IllegalStateException(schema.toString());
    };
  }
}
