package io.ramtide.scanner.worker.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.AvroSafety;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryValue;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KeyLimitsTest {
  @BeforeAll
  static void trustTheRecords() {
    AvroSafety.apply();
  }

  private static RegistryKeyFinding key(List<RegistryValue> values) {
    return RegistryKeyFinding.newBuilder()
        .setHive("\\REGISTRY\\MACHINE\\SYSTEM")
        .setHiveVa(0)
        .setKey("a")
        .setLastWriteTime(0)
        .setSubkeys(0)
        .setValues(values.size())
        .setVolatile$(false)
        .setCell(0x20)
        .setValueList(values)
        .build();
  }

  private static RegistryValue value(String name, byte[] data) {
    return RegistryValue.newBuilder()
        .setName(name)
        .setType("REG_BINARY")
        .setLength(data.length)
        .setData(ByteBuffer.wrap(data))
        .setCell(0)
        .build();
  }

  private static byte[] random(int length) {
    byte[] data = new byte[length];
    new Random(length).nextBytes(data);
    return data;
  }

  private static List<RegistryValue> values(int count, int length) {
    List<RegistryValue> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(value("v" + i, random(length)));
    }
    return values;
  }

  private static int encoded(RegistryKeyFinding key) {
    return AvroCodec.of(RegistryKeyFinding.class).encode(key).length;
  }

  @Test
  void keyThatFits_staysAsItIs() {
    RegistryKeyFinding key = key(values(20, 4096));
    assertThat(KeyLimits.apply(key)).isSameAs(key);
  }

  @Test
  void longData_keepsItsFirst4096Bytes_itsLengthAndItsDigest() throws Exception {
    byte[] data = random(100_000);
    byte[] exact = random(4096);
    RegistryKeyFinding small =
        KeyLimits.apply(key(List.of(value("long", data), value("exact", exact))));

    RegistryValue cut = small.getValueList().get(0);
    assertThat(cut.getData()).isEqualTo(ByteBuffer.wrap(data, 0, 4096));
    assertThat(cut.getDataStatus()).isEqualTo("cut to 4096 of 100000 bytes");
    assertThat(cut.getLength()).isEqualTo(100_000);
    assertThat(cut.getSha256())
        .isEqualTo(ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(data)));
    assertThat(small.getValueList().get(1)).isEqualTo(value("exact", exact));
    assertThat(small.getValuesStatus()).isNull();
  }

  @Test
  void digest_tellsWhatTheCutHides() {
    byte[] data = random(5000);
    byte[] other = data.clone();
    other[4999]++;
    RegistryValue one = KeyLimits.apply(key(List.of(value("v", data)))).getValueList().get(0);
    RegistryValue two = KeyLimits.apply(key(List.of(value("v", other)))).getValueList().get(0);
    assertThat(one.getData()).isEqualTo(two.getData());
    assertThat(one.getSha256()).isNotEqualTo(two.getSha256());
  }

  @Test
  void dataThatWasNotReadWhole_hasNoDigest() {
    RegistryValue partly =
        RegistryValue.newBuilder(value("v", random(8000)))
            .setLength(9000)
            .setDataStatus("cut: paged out")
            .build();
    RegistryValue cut = KeyLimits.apply(key(List.of(partly))).getValueList().get(0);
    assertThat(cut.getSha256()).isNull();
    assertThat(cut.getDataStatus()).isEqualTo("cut: paged out, cut to 4096 of 9000 bytes");
  }

  @Test
  void manyValues_loseTheirDataFirst() {
    RegistryKeyFinding hundred = KeyLimits.apply(key(values(100, 4096)));
    assertThat(hundred.getValueList()).hasSize(100);
    assertThat(hundred.getValueList()).allMatch(value -> value.getData().remaining() == 256);
    assertThat(encoded(hundred)).isLessThan(KeyLimits.MAX_VALUES);

    RegistryKeyFinding thousand = KeyLimits.apply(key(values(1000, 4096)));
    assertThat(thousand.getValueList()).hasSize(1000);
    assertThat(thousand.getValueList())
        .allMatch(value -> value.getData().remaining() == 0 && value.getSha256() != null)
        .allMatch(value -> value.getDataStatus().equals("cut to 0 of 4096 bytes"));
    assertThat(thousand.getValuesStatus()).isNull();
    assertThat(encoded(thousand)).isLessThan(KeyLimits.MAX_VALUES);
  }

  @Test
  void moreValuesThanARecordHolds_areCutToTheFirst_andThatIsSaid() {
    RegistryKeyFinding small = KeyLimits.apply(key(values(65_536, 8)));
    int kept = small.getValueList().size();
    assertThat(kept).isBetween(1000, 65_535);
    assertThat(small.getValuesStatus())
        .isEqualTo("only the first %d of 65536 fit into a record".formatted(kept));
    assertThat(small.getValues()).isEqualTo(65_536);
    assertThat(encoded(small)).isLessThan(KeyLimits.MAX_VALUES);
  }

  @Test
  void worstTexts_stayBelowTheRecordsLimit() {
    List<RegistryValue> values = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      values.add(
          RegistryValue.newBuilder(value("\u6f22".repeat(16_383), random(20_000)))
              .setDataStatus("\u6f22".repeat(1000))
              .build());
    }
    RegistryKeyFinding key =
        RegistryKeyFinding.newBuilder(key(values))
            .setClassName("\u6f22".repeat(32_767))
            .setLinkTarget("\u6f22".repeat(1 << 20))
            .build();

    RegistryKeyFinding small = KeyLimits.apply(key);

    assertThat(encoded(small)).isLessThan(Oversized.MAX_RECORD);
    assertThat(small.getClassStatus()).isEqualTo("cut to 4096 of 32767 characters");
    assertThat(small.getValuesStatus()).startsWith("only the first");
  }
}
