package io.ramtide.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryDataTest {
  private static ByteBuffer utf16(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_16LE));
  }

  private static ByteBuffer hex(String digits) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(digits));
  }

  @ParameterizedTest
  @ValueSource(strings = {"REG_SZ", "REG_EXPAND_SZ", "REG_LINK"})
  void text_withOrWithoutNulsAtItsEnd_isTheSame(String type) {
    for (String text : List.of("C:\\x", "C:\\x\0", "C:\\x\0\0\0")) {
      assertThat(RegistryData.of(type, utf16(text))).contains("C:\\x");
    }
  }

  @Test
  void text_behindANul_isKept() {
    assertThat(RegistryData.of("REG_SZ", utf16("shown\0hidden\0"))).contains("shown\0hidden");
  }

  @Test
  void text_withAnOddLastByte_isReadWithoutIt() {
    assertThat(RegistryData.of("REG_SZ", hex("410042"))).contains("A");
    assertThat(RegistryData.of("REG_SZ", hex("41"))).contains("");
    assertThat(RegistryData.of("REG_SZ", hex(""))).contains("");
  }

  @Test
  void text_withALoneSurrogate_keepsIt() {
    assertThat(RegistryData.of("REG_SZ", hex("00d84100"))).contains("\ud800A");
  }

  @Test
  void multiSz_isAList_withoutTheEmptyOnesAtItsEnd() {
    assertThat(RegistryData.of("REG_MULTI_SZ", utf16("one\0two\0\0")))
        .contains(List.of("one", "two"));
    assertThat(RegistryData.of("REG_MULTI_SZ", utf16("one\0\0three\0\0")))
        .contains(List.of("one", "", "three"));
    assertThat(RegistryData.of("REG_MULTI_SZ", utf16("unended"))).contains(List.of("unended"));
    assertThat(RegistryData.of("REG_MULTI_SZ", utf16("\0"))).contains(List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "REG_DWORD, ffffff7f, 2147483647",
    "REG_DWORD, ffffffff, 4294967295",
    "REG_DWORD_BIG_ENDIAN, 01020304, 16909060"
  })
  void dword_isAnUnsignedNumber(String type, String bytes, long number) {
    assertThat(RegistryData.of(type, hex(bytes))).contains(number);
  }

  @Test
  void qword_isAnUnsignedNumber() {
    assertThat(RegistryData.of("REG_QWORD", hex("ffffffffffffffff")))
        .contains(new BigInteger("18446744073709551615"));
  }

  @ParameterizedTest
  @CsvSource({"REG_DWORD, 01", "REG_DWORD, 0100000000000000", "REG_QWORD, 01000000"})
  void number_ofAnotherLength_isNone(String type, String bytes) {
    assertThat(RegistryData.of(type, hex(bytes))).isEmpty();
    assertThat(RegistryData.hasForm(type)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"REG_BINARY", "REG_NONE", "REG_RESOURCE_LIST", "0x1337", ""})
  void otherTypes_areBytesOnly(String type) {
    assertThat(RegistryData.of(type, hex("01020304"))).isEmpty();
    assertThat(RegistryData.hasForm(type)).isFalse();
  }
}
