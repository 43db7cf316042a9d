package io.ramtide.scanner.windows.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.windows.guest.KeyGlobs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchListTest {
  private static final String MACHINE = "\\REGISTRY\\MACHINE\\";
  private static final KeyGlobs WATCHED = WatchList.defaults().withControlSet("ControlSet001");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run",
        "SOFTWARE\\Wow6432Node\\Microsoft\\Windows\\CurrentVersion\\RunOnce",
        "SYSTEM\\ControlSet001\\Services\\Tcpip\\Parameters",
        "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon",
        "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\sethc.exe",
        "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Windows",
        "SYSTEM\\ControlSet001\\Control\\Lsa",
        "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tree\\x",
        "SYSTEM\\ControlSet001\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\StandardProfile",
        "SOFTWARE\\Policies\\Microsoft\\Windows Defender",
        "SYSTEM\\ControlSet001\\Enum\\USBSTOR\\Disk&Ven_x\\1",
        "SYSTEM\\MountedDevices",
      })
  void defaults_watchWhatProgramsUseToStay(String key) {
    assertThat(WATCHED.matches(MACHINE + key)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SOFTWARE",
        "SOFTWARE\\Classes\\CLSID",
        "SYSTEM\\ControlSet002\\Services\\Tcpip",
        "SYSTEM\\ControlSet001\\Enum\\PCI",
      })
  void defaults_leaveTheRestAlone(String key) {
    assertThat(WATCHED.matches(MACHINE + key)).isFalse();
  }

  @Test
  void defaults_watchEveryUser() {
    String run = "\\REGISTRY\\USER\\S-1-5-21-1-2-3-1001\\Software\\Microsoft\\Windows";
    assertThat(WATCHED.matches(run + "\\CurrentVersion\\Run")).isTrue();
  }
}
