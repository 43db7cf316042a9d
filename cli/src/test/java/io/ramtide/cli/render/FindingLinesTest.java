package io.ramtide.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.schemas.AvroSafety;
import io.ramtide.schemas.Evidence;
import io.ramtide.schemas.RegistryEvent;
import io.ramtide.schemas.RegistryEventType;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FindingLinesTest {
  @BeforeAll
  static void trustTheRecords() {
    AvroSafety.apply();
  }

  private static RegistryValue value(String name, String type, byte[] data, String status) {
    return RegistryValue.newBuilder()
        .setName(name)
        .setType(type)
        .setLength(data == null ? 9 : data.length)
        .setData(data == null ? null : ByteBuffer.wrap(data))
        .setDataStatus(status)
        .setCell(0x80000120L)
        .build();
  }

  private static byte[] utf16(String text) {
    return text.getBytes(StandardCharsets.UTF_16LE);
  }

  private static List<JsonNode> lines(RegistryValue... values) throws Exception {
    List<String> lines = new ArrayList<>();
    FindingLines.of(
        RegistryKeyFinding.newBuilder()
            .setHive("\\REGISTRY\\MACHINE\\SOFTWARE")
            .setHiveVa(0xfffff8a000123410L)
            .setKey("Microsoft\\Run")
            .setLastWriteTime(134_117_966_451_234_567L)
            .setSubkeys(0)
            .setValues(values.length)
            .setVolatile$(false)
            .setCell(0x20)
            .setValueList(List.of(values))
            .build(),
        lines::add);
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : lines) {
      nodes.add(new ObjectMapper().readTree(line));
    }
    return nodes;
  }

  @Test
  void key_isALine_andEachOfItsValuesOneBehindIt() throws Exception {
    List<JsonNode> lines =
        lines(value("a", "REG_SZ", utf16("x\0"), null), value("", "REG_DWORD", new byte[4], null));

    assertThat(lines)
        .extracting(line -> line.get("kind").asText())
        .containsExactly("registryKey", "registryValue", "registryValue");
    assertThat(lines.get(0).get("values").asInt()).isEqualTo(2);
    assertThat(lines.get(0).has("valueList")).isFalse();
    assertThat(lines)
        .allSatisfy(
            line -> {
              assertThat(line.get("hive").asText()).isEqualTo("\\REGISTRY\\MACHINE\\SOFTWARE");
              assertThat(line.get("key").asText()).isEqualTo("Microsoft\\Run");
              assertThat(line.get("lastWriteTime").asText())
                  .isEqualTo("2026-01-02T03:04:05.1234567Z");
            });
    assertThat(lines.get(2).get("name").asText()).isEmpty();
    assertThat(lines.get(1).get("cell").asText()).isEqualTo("0x80000120");
  }

  @Test
  void data_isWhatItsTypeSays_andAlwaysHexDigits() throws Exception {
    List<JsonNode> lines =
        lines(
            value("text", "REG_SZ", utf16("x\0"), null),
            value("list", "REG_MULTI_SZ", utf16("x\0y\0\0"), null),
            value("number", "REG_QWORD", new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}, null),
            value("bytes", "REG_BINARY", new byte[] {(byte) 0xca, (byte) 0xfe}, null));

    assertThat(lines.get(1).get("data").asText()).isEqualTo("x");
    assertThat(lines.get(1).get("dataHex").asText()).isEqualTo("78000000");
    assertThat(lines.get(2).get("data")).extracting(JsonNode::asText).containsExactly("x", "y");
    assertThat(lines.get(3).get("data").isIntegralNumber()).isTrue();
    assertThat(lines.get(3).get("data").asText()).isEqualTo("18446744073709551615");
    assertThat(lines.get(4).has("data")).isFalse();
    assertThat(lines.get(4).get("dataHex").asText()).isEqualTo("cafe");
  }

  @Test
  void data_thatCouldNotBeRead_isNull_andItsStatusSaysWhy() throws Exception {
    JsonNode text = lines(value("a", "REG_SZ", null, "paged out")).get(1);
    assertThat(text.get("data").isNull()).isTrue();
    assertThat(text.get("dataHex").isNull()).isTrue();
    assertThat(text.get("dataStatus").asText()).isEqualTo("paged out");
    JsonNode bytes = lines(value("a", "REG_BINARY", null, "paged out")).get(1);
    assertThat(bytes.has("data")).isFalse();
    assertThat(bytes.get("dataHex").isNull()).isTrue();
  }

  @Test
  void event_hasNewAndOldDataOfTheirOwnTypes() throws Exception {
    JsonNode event =
        new ObjectMapper()
            .readTree(
                JsonLines.of(
                    "registryEvent",
                    RegistryEvent.newBuilder()
                        .setDomain("d")
                        .setCapture(2)
                        .setType(RegistryEventType.valueSet)
                        .setNotAfter(0)
                        .setValueType("REG_SZ")
                        .setData(ByteBuffer.wrap(utf16("new\0")))
                        .setOldValueType("REG_DWORD")
                        .setOldData(ByteBuffer.wrap(new byte[] {7, 0, 0, 0}))
                        .setEvidence(new Evidence(2L, 0L, null, List.of()))
                        .build()));
    assertThat(event.get("data").asText()).isEqualTo("new");
    assertThat(event.get("dataHex").asText()).isEqualTo("6e0065007700 0000".replace(" ", ""));
    assertThat(event.get("oldData").asInt()).isEqualTo(7);
    assertThat(event.get("oldDataHex").asText()).isEqualTo("07000000");
  }
}
