package io.ramtide.scanner.windows.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.RegistryValue;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
  private static final int SEGMENT = 16344;

  private final TinyHive hive = new TinyHive();
  private final int key = hive.key(hive.root, "Key");

  private static byte[] bytes(int length, int first) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (first + i);
    }
    return bytes;
  }

  private static ByteBuffer data(int length, int first) {
    return ByteBuffer.wrap(bytes(length, first));
  }

  private RegistryValue value(String name) {
    return Told.all(hive).value("Key", name);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 5, 8, 4000, 4093, 12_000, 16_344})
  void data_ofAnyLength_isReadWhole(int length) {
    hive.value(key, "a", 3, bytes(length, 7));

    RegistryValue value = value("a");

    assertThat(value.getData()).isEqualTo(data(length, 7));
    assertThat(value.getLength()).isEqualTo(length);
    assertThat(value.getDataStatus()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "0, REG_NONE",
    "1, REG_SZ",
    "2, REG_EXPAND_SZ",
    "3, REG_BINARY",
    "4, REG_DWORD",
    "5, REG_DWORD_BIG_ENDIAN",
    "6, REG_LINK",
    "7, REG_MULTI_SZ",
    "8, REG_RESOURCE_LIST",
    "9, REG_FULL_RESOURCE_DESCRIPTOR",
    "10, REG_RESOURCE_REQUIREMENTS_LIST",
    "11, REG_QWORD",
    "12, 0xc",
    "-1, 0xffffffff"
  })
  void type_hasItsName(int type, String name) {
    hive.value(key, "a", type, bytes(4, 0));

    assertThat(value("a").getType()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Name", "f\u00fcr", "\u540d", "a\\b", "a\u0000b\u0001"})
  void name_isAsItsCellHasIt(String name) {
    hive.value(key, name, 1, bytes(4, 0));

    assertThat(value(name).getCellGpa()).isNotNull();
  }

  @Test
  void name_withASurrogateAlone_becomesWhatUtf8CanHold() {
    hive.value(key, "a\ud800\u4e00", 1, bytes(4, 0));

    assertThat(Told.all(hive).key("Key").getValueList())
        .extracting(RegistryValue::getName)
        .containsExactly("a\ufffd\u4e00");
  }

  @Test
  void bigData_isItsSegmentsInARow() {
    int value = hive.value(key, "a", 3, new byte[0]);
    hive.bigData(value, bytes(SEGMENT, 0), bytes(SEGMENT, SEGMENT), bytes(1000, 2 * SEGMENT));

    assertThat(value("a").getData()).isEqualTo(data(2 * SEGMENT + 1000, 0));
    assertThat(value("a").getDataStatus()).isNull();
  }

  @Test
  void bigData_ofOneByteMoreThanASegment() {
    int value = hive.value(key, "over", 3, new byte[0]);
    hive.bigData(value, bytes(SEGMENT, 0), bytes(1, SEGMENT));

    assertThat(value("over").getData()).isEqualTo(data(SEGMENT + 1, 0));
  }

  @Test
  void bigData_ofAHiveOfVersion13_isAPlainCell() {
    hive.value(key, "a", 3, bytes(20_000, 0));

    assertThat(Told.ofMinor(hive, 3).value("Key", "a").getData()).isEqualTo(data(20_000, 0));
    assertThat(value("a").getDataStatus()).isEqualTo("not big data");
  }

  @Test
  void bigData_withASegmentThatIsFree_isCutThere() {
    int value = hive.value(key, "a", 3, new byte[0]);
    int list = hive.bigData(value, bytes(SEGMENT, 0), bytes(SEGMENT, 1), bytes(5, 2));
    hive.release(hive.get(list, 4));

    assertThat(value("a").getData()).isEqualTo(data(SEGMENT, 0));
    assertThat(value("a").getDataStatus()).isEqualTo("cut: free cell");
  }

  @Test
  void bigData_withTooFewSegments_saysSo() {
    int value = hive.value(key, "a", 3, new byte[0]);
    hive.bigData(value, bytes(SEGMENT, 0), bytes(SEGMENT, 1));
    hive.put(value, 4, 4, 3 * SEGMENT);

    assertThat(value("a").getData().limit()).isEqualTo(2 * SEGMENT);
    assertThat(value("a").getDataStatus()).isEqualTo("cut: it has too few segments");
  }

  @Test
  void data_inAPageThatIsOut_isMissing_andItsKeyIsToldWithIt() {
    hive.value(key, "near", 4, bytes(4, 1));
    int value = hive.value(key, "far", 3, bytes(9000, 1));
    int block = (hive.get(value, 8) >>> 12) + 1;
    hive.missing.put(block, "paged out");

    Told told = Told.all(hive);

    assertThat(told.value("Key", "far").getData()).isNull();
    assertThat(told.value("Key", "far").getDataStatus()).isEqualTo("paged out");
    assertThat(told.value("Key", "near").getData()).isEqualTo(data(4, 1));
    assertThat(told.partly).containsExactly("paged out");
  }

  @Test
  void data_longerThanItsCell_isCut() {
    int value = hive.value(key, "a", 3, bytes(12, 1));
    hive.put(value, 4, 4, 16_000);

    assertThat(value("a").getData()).isEqualTo(data(12, 1));
    assertThat(value("a").getDataStatus()).isEqualTo("cut: its cell ends");
    assertThat(value("a").getLength()).isEqualTo(16_000);
  }

  @Test
  void inlineData_longerThanItsField_isCut() {
    int value = hive.value(key, "a", 4, bytes(4, 1));
    hive.put(value, 4, 4, TinyHive.VOLATILE_BIT | 400);

    assertThat(value("a").getData()).isEqualTo(data(4, 1));
    assertThat(value("a").getDataStatus()).startsWith("cut: ");
  }

  @Test
  void list_thatPromisesMoreThanItHas_saysHowMuchIsMissing() {
    hive.value(key, "a", 4, bytes(4, 1));
    hive.put(key, 0x24, 4, 0x8000_0000L);

    Told told = Told.all(hive);

    assertThat(told.key("Key").getValueList()).hasSizeBetween(1, 3);
    assertThat(told.key("Key").getValuesStatus()).contains("of 2147483648 missing: ");
    assertThat(told.key("Key").getValues()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void values_thatAreNone_areSaid_andTheOthersRead() {
    hive.value(key, "a", 4, bytes(4, 1));
    hive.put(hive.value(key, "b", 4, bytes(4, 2)), 0, 2, 0x6b6e);
    int freed = hive.value(key, "c", 4, bytes(4, 3));
    hive.release(freed);

    Told told = Told.all(hive);

    assertThat(told.key("Key").getValueList())
        .extracting(RegistryValue::getName)
        .containsExactly("a");
    assertThat(told.key("Key").getValuesStatus())
        .isEqualTo("2 of 3 missing: 1x not a value, 1x free cell");
  }

  @Test
  void values_ofOneName_areBothTold_andTheirKeySaysSo() {
    hive.value(key, "a", 4, bytes(4, 1));
    hive.value(key, "a", 4, bytes(4, 2));

    assertThat(Told.all(hive).key("Key").getValueList()).hasSize(2);
    assertThat(Told.all(hive).key("Key").getValuesStatus()).isEqualTo("values of one name");
  }

  @Test
  void predefinedHandle_hasNoValues() {
    hive.put(key, 2, 2, 0x60);
    hive.put(key, 0x24, 4, 0x80000050L);

    Told told = Told.all(hive);

    assertThat(told.key("Key").getValues()).isZero();
    assertThat(told.key("Key").getValuesStatus()).contains("predefined key 0x80000050");
    assertThat(told.partly).isEmpty();
  }

  @Test
  void manyValues_thatShareOneLargeCell_areBounded() {
    int big = hive.value(key, "big", 3, bytes(1 << 18, 0));
    for (int i = 0; i < 300; i++) {
      int value = hive.value(key, "v" + i, 3, new byte[0]);
      hive.put(value, 4, 4, 1 << 18);
      hive.put(value, 8, 4, hive.get(big, 8));
    }

    Told told = Told.ofMinor(hive, 3);

    List<RegistryValue> values = told.key("Key").getValueList();
    assertThat(values).hasSize(301);
    assertThat(values.stream().mapToLong(v -> v.getData() == null ? 0 : v.getData().limit()).sum())
        .isLessThanOrEqualTo(16L << 20);
    assertThat(values.get(300).getDataStatus()).startsWith("left out: ");
    assertThat(told.partly).singleElement().asString().startsWith("left out: ");
  }
}
