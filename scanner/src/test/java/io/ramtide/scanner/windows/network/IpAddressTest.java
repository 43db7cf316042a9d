package io.ramtide.scanner.windows.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpAddressTest {
  /** The rules of RFC 5952, 4 and 5, one each. */
  @ParameterizedTest
  @CsvSource({
    "0a141e28, 10.20.30.40",
    "00000000, 0.0.0.0",
    "ffffffff, 255.255.255.255",
    "00000000000000000000000000000000, ::",
    "00000000000000000000000000000001, ::1",
    "20010db8000000000000000000000001, 2001:db8::1",
    "20010db8000000010001000100010001, 2001:db8:0:1:1:1:1:1",
    "20010000000000010000000000000001, 2001:0:0:1::1",
    "20010db8000000000001000000000001, 2001:db8::1:0:0:1",
    "fe80000000000000daac25b4e3ed50bb, fe80::daac:25b4:e3ed:50bb",
    "20010db80000000000000000abcd0000, 2001:db8::abcd:0",
    "000100000000000000000000000a0000, 1::a:0",
    "00010002000300040005000600000000, 1:2:3:4:5:6::",
    "00000000000000000000ffffc0000201, ::ffff:192.0.2.1",
    "00000000000000000000fffec0000201, ::fffe:c000:201",
    "20010db800000000000000000a0b0c0d, 2001:db8::a0b:c0d"
  })
  void bytes_areTheCanonicalText(String hex, String text) {
    assertThat(IpAddress.text(HexFormat.of().parseHex(hex))).isEqualTo(text);
  }
}
