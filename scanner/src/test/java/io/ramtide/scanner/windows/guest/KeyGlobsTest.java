package io.ramtide.scanner.windows.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyGlobsTest {
  private static final String MACHINE = "\\REGISTRY\\MACHINE";
  private static final String USER = "\\REGISTRY\\USER\\S-1-5-21-1-2-3-1001";

  private static KeyGlobs glob(String... globs) {
    return KeyGlobs.of(List.of(globs));
  }

  @ParameterizedTest
  @CsvSource({
    "HKLM\\SOFTWARE\\Run, \\SOFTWARE\\Run",
    "hklm\\software\\run, \\SOFTWARE\\Run",
    "HKEY_LOCAL_MACHINE\\SOFTWARE\\Run\\, \\SOFTWARE\\Run",
    "\\REGISTRY\\MACHINE\\SOFTWARE\\*, \\SOFTWARE\\Run",
    "HKLM\\*\\R?n, \\SOFTWARE\\Run",
    "HKLM\\**\\Run, \\SOFTWARE\\Run",
    "HKLM\\**\\Run, \\Run",
    "HKLM\\**\\Run, \\a\\b\\Run\\c\\Run",
    "HKLM\\SOFTWARE\\Run\\**, \\SOFTWARE\\Run",
    "HKLM\\SOFTWARE\\Run\\**, \\SOFTWARE\\Run\\a\\b",
    "HKLM\\*a*b*c, \\xxabxxbxc",
    "**\\Run, \\SOFTWARE\\Run",
    "HKCR\\*\\shell, \\SOFTWARE\\Classes\\.txt\\shell",
  })
  void key_isMeant(String glob, String key) {
    assertThat(glob(glob).matches(MACHINE + key)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "HKLM\\SOFTWARE\\Run, \\SOFTWARE",
    "HKLM\\SOFTWARE\\Run, \\SOFTWARE\\RunOnce",
    "HKLM\\SOFTWARE\\Run, \\SOFTWARE\\Run\\Sub",
    "HKLM\\SOFTWARE\\*, \\SOFTWARE\\a\\b",
    "HKLM\\SOFTWARE\\R?n, \\SOFTWARE\\Rn",
    "HKLM\\**\\Run, \\SOFTWARE\\Run\\a",
    "HKU\\**, \\SOFTWARE",
  })
  void key_isNotMeant(String glob, String key) {
    assertThat(glob(glob).matches(MACHINE + key)).isFalse();
  }

  @Test
  void currentUser_isEveryUser_andHisClassesAreAHiveOfTheirOwn() {
    assertThat(glob("HKCU\\Software\\Run").matches(USER + "\\SOFTWARE\\Run")).isTrue();
    assertThat(glob("HKCU\\Software\\Run").matches(MACHINE + "\\Software\\Run")).isFalse();
    KeyGlobs classes = glob("HKCU\\Software\\Classes\\CLSID\\**");
    assertThat(classes.matches(USER + "_Classes\\CLSID\\{1}")).isTrue();
    assertThat(classes.matches(USER + "\\Software\\Classes\\CLSID")).isTrue();
  }

  @Test
  void currentControlSet_isTheOneItLeadsTo() {
    KeyGlobs services = glob("HKLM\\SYSTEM\\CurrentControlSet\\Services\\*");
    KeyGlobs second = services.withControlSet("ControlSet002");

    assertThat(second.matches(MACHINE + "\\SYSTEM\\ControlSet002\\Services\\Tcpip")).isTrue();
    assertThat(second.matches(MACHINE + "\\SYSTEM\\ControlSet001\\Services\\Tcpip")).isFalse();
    assertThat(second.mayMatchBelow(MACHINE + "\\SYSTEM\\ControlSet001")).isFalse();
    assertThat(services.matches(MACHINE + "\\SYSTEM\\ControlSet001\\Services\\Tcpip")).isTrue();
    assertThat(services.matches(MACHINE + "\\SYSTEM\\Control\\Services\\Tcpip")).isFalse();
  }

  @Test
  void currentControlSet_isStillALinkToo() {
    KeyGlobs link = glob("HKLM\\SYSTEM\\CurrentControlSet").withControlSet("ControlSet001");

    assertThat(link.matches(MACHINE + "\\SYSTEM\\CurrentControlSet")).isTrue();
    assertThat(link.matches(MACHINE + "\\SYSTEM\\ControlSet001")).isTrue();
  }

  @Test
  void below_isOnlyWhereAPatternLeads() {
    KeyGlobs run = glob("HKLM\\SOFTWARE\\*\\Run");

    assertThat(run.mayMatchBelow("\\REGISTRY")).isTrue();
    assertThat(run.mayMatchBelow(MACHINE + "\\SOFTWARE\\x")).isTrue();
    assertThat(run.mayMatchBelow(MACHINE + "\\SOFTWARE\\x\\Run")).isFalse();
    assertThat(run.mayMatchBelow(MACHINE + "\\SYSTEM")).isFalse();
    assertThat(run.mayMatchBelow(MACHINE + "\\SYSTEM\\a\\b\\c")).isFalse();
    assertThat(glob("**\\Run").mayMatchBelow(USER)).isTrue();
  }

  @Test
  void place_ofAChild_isThatOfItsPath() {
    KeyGlobs run = glob("HKLM\\SOFTWARE\\**\\Run", "HKLM\\SOFTWARE\\a");

    KeyGlobs.Place place = run.at(MACHINE + "\\SOFTWARE").child("a").child("Run");

    assertThat(place.matches()).isEqualTo(run.matches(MACHINE + "\\SOFTWARE\\a\\Run")).isTrue();
  }

  @Test
  void allAndNone() {
    assertThat(KeyGlobs.ALL.matches("\\REGISTRY\\A\\x")).isTrue();
    assertThat(KeyGlobs.ALL.at(USER).child("x").mayMatchBelow()).isTrue();
    assertThat(KeyGlobs.NONE.matches(USER)).isFalse();
    assertThat(KeyGlobs.NONE.mayMatchBelow("\\REGISTRY")).isFalse();
    assertThat(KeyGlobs.of(List.of("**"))).isSameAs(KeyGlobs.ALL);
    assertThat(KeyGlobs.of(List.of())).isSameAs(KeyGlobs.NONE);
  }

  @Test
  void equal_areThoseOfTheSamePatternsAndControlSet() {
    KeyGlobs run = glob("HKLM\\Run");

    assertThat(run).isEqualTo(glob("HKLM\\Run")).hasSameHashCodeAs(glob("HKLM\\Run"));
    assertThat(run).isNotEqualTo(run.withControlSet("ControlSet001"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "SOFTWARE\\Run", "HKXX\\Run", "*\\Run", "HKLM\\\\Run"})
  void pattern_thatIsNone_isRefused_andSaysWhatToDo(String glob) {
    assertThatThrownBy(() -> glob(glob))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + glob + "\" is no pattern of registry keys");
  }
}
