package io.ramtide.cli.term;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {
  @Test
  void of_plainText_isTheSameText() {
    assertThat(Printable.of("svchost.exe ~{}\\")).isEqualTo("svchost.exe ~{}\\");
  }

  @Test
  void of_lettersOfAnyScript_stay() {
    assertThat(Printable.of("naïve 漢字 😀")).isEqualTo("naïve 漢字 😀");
  }

  @ParameterizedTest
  @CsvSource({
    "0x1b, \\x1b", // escape: begins a terminal command
    "0x0a, \\x0a", // line feed: forges a line
    "0x0d, \\x0d", // carriage return: overwrites the line
    "0x08, \\x08",
    "0x00, \\x00",
    "0x7f, \\x7f",
    "0x9b, \\x9b", // the one-byte control sequence introducer
    "0x202e, \\u202e", // right-to-left override: shows exe.doc for cod.exe
    "0x2066, \\u2066",
    "0x200b, \\u200b",
    "0x2028, \\u2028",
    "0xfeff, \\ufeff",
    "0xe000, \\ue000",
    "0xe0001, \\u{e0001}"
  })
  void of_characterThatIsNotPlainlyVisible_isEscaped(String codePoint, String shown) {
    String text = "a" + Character.toString(Integer.decode(codePoint)) + "b";
    assertThat(Printable.of(text)).isEqualTo("a" + shown + "b");
  }

  @Test
  void of_loneSurrogate_isEscaped() {
    assertThat(Printable.of("a\ud800b")).isEqualTo("a\\ud800b");
  }
}
