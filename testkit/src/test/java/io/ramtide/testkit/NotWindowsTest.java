package io.ramtide.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.testkit.ram.GuestRam;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NotWindowsTest {

  @Test
  void linux_kernelText_isMappedWithItsBanner() {
    GuestRam ram = NotWindows.linux(1);
    NaiveWalker walker = new NaiveWalker(ram, 0x1610000);

    assertThat(walker.text(0xffffffff812001e0L, 80)).startsWith("Linux version 6.1.0");
    assertThat(walker.translate(0xffff888001200000L)).isEqualTo(0x1200000);
  }

  @Test
  void linux_allFrames_holdNoWindowsMarks() {
    GuestRam ram = NotWindows.linux(1);

    for (long number : ram.frames()) {
      String text = new String(ram.frame(number), StandardCharsets.ISO_8859_1);
      assertThat(text).doesNotContain("ntkrnlmp", "KDBG", "Pro\u00e3");
    }
  }

  @Test
  void noise_everyFrame_isThere() {
    assertThat(NotWindows.noise(1).frames()).hasSize(4096);
  }

  @Test
  void empty_noFrame_isThere() {
    assertThat(NotWindows.empty().frames()).isEmpty();
    assertThat(NotWindows.empty().frame(7)).containsOnly(0);
  }
}
