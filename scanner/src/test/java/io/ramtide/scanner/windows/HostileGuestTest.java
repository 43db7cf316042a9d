package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.windows.TinyWindows.Placed;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.ProcessFinding;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a guest does to its memory costs bounded time, and hides no other process. */
@Timeout(60)
class HostileGuestTest {
  private final TinyWindows windows = TinyWindows.known();
  private final Placed system = windows.process(4, "System");
  private final Placed first = windows.process(8, "first.exe");
  private final Placed second = windows.process(12, "second.exe");

  @Test
  void entryThatPointsAtItself_isReportedAndTheRestIsWalkedBackwards() {
    windows.link(system, first, second);
    windows.writeLong(windows.links(first), windows.links(first));

    Analysis analysis = assertAllFound();

    assertThat(analysis.activeList()).isEqualTo(ListStatus.incomplete);
    assertThat(analysis.activeListDetail().orElseThrow())
        .contains("0x%x".formatted(windows.links(first)))
        .contains("points at itself")
        .contains("backwards: walked back to the start");
  }

  @Test
  void listThatNeverComesBack_isReported() {
    windows.link(system, first, second);
    windows.writeLong(windows.links(second), windows.links(first));

    assertThat(assertAllFound().activeListDetail().orElseThrow()).contains("comes back to");
  }

  @Test
  void listThatLeavesKernelSpace_isReported() {
    windows.link(system, first, second);
    windows.writeLong(windows.links(first), 0x7ff6_0000_1000L);

    assertThat(assertAllFound().activeListDetail().orElseThrow())
        .contains("leaves kernel space for 0x7ff600001000");
  }

  @Test
  void listIntoAPageThatIsPagedOut_saysSo() {
    windows.link(system, first, second);
    windows.memory.putLong(windows.pte(first.va()), 0x1234_0000_0080L);

    assertThat(analyze(windows.memory).activeListDetail().orElseThrow())
        .contains("page in pagefile 0 at 0x1234000");
  }

  @Test
  void listIntoAFrameThatWasNotCaptured_saysSo() {
    windows.link(system, first, second);

    Analysis analysis = analyze(windows.memory.without(first.gpa()));

    assertThat(analysis.activeList()).isEqualTo(ListStatus.incomplete);
    assertThat(analysis.activeListDetail().orElseThrow())
        .contains("page not captured (frame 0x%x)".formatted(first.gpa() & ~0xfffL));
    assertThat(analysis.processes()).hasSize(2);
  }

  @Test
  void listIntoNonsense_isReported() {
    windows.link(system, first, second);
    windows.writeLong(windows.links(first), TinyWindows.BASE + 0x800);

    assertThat(assertAllFound().activeListDetail().orElseThrow()).contains("is no process");
  }

  @Test
  void poolTagsInEverySlot_areBoundedAndSaidToBeCut() {
    windows.link(system, first, second);
    for (long gpa = 16 << 20; gpa < 32 << 20; gpa += 16) {
      windows.memory.putLong(gpa, (long) windows.layout.processTag() << 32 | 0xffffffL);
    }

    assertThat(assertAllFound().detail().orElseThrow()).contains("pool tag").contains("only the");
  }

  @Test
  void processHeadersInEverySlot_areBounded() {
    windows.link(system, first, second);
    for (long gpa = 16 << 20; gpa < 32 << 20; gpa += 16) {
      windows.memory.putLong(gpa, (long) windows.layout.processTag() << 32 | 3);
      windows.memory.putLong(gpa + 8, first.va());
    }

    assertAllFound();
  }

  @Test
  void tablesThatReferToThemselvesEverywhere_costNoMoreThanOthers() {
    windows.link(system, first, second);
    // Comes before the true root, and has every address lead through itself.
    for (int i = 0; i < 512; i++) {
      windows.memory.putLong(0x1000 + i * 8L, 0x1000 | 0x63);
    }

    assertAllFound();
  }

  @Test
  void manyForgedRoots_doNotStandBeforeTheTrueOne() {
    windows.link(system, first, second);
    for (int forged = 1; forged < 64; forged++) {
      long root = forged * 0x1000L;
      windows.memory.putLong(root + 400 * 8, root | 0x63);
      windows.memory.putLong(root + 495 * 8, root + 0x1000 | 0x63);
    }

    assertThat(assertAllFound().activeList()).isEqualTo(ListStatus.complete);
  }

  @Test
  void randomMemory_isNoWindowsOrDecodedButNeverAnException() {
    Random random = new Random(19041);
    windows.link(system, first, second);
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 2000; i++) {
        windows.memory.putLong(random.nextInt(16 << 17) * 8L, random.nextLong());
      }
      assertThat(analyze(windows.memory).status()).isIn((Object[]) CaptureStatus.values());
    }
  }

  private Analysis assertAllFound() {
    Analysis analysis = analyze(windows.memory);
    assertThat(analysis.processes().stream().map(ProcessFinding::getImageName))
        .contains("System", "first.exe", "second.exe");
    return analysis;
  }

  private static Analysis analyze(PhysicalMemory memory) {
    return new WindowsAnalyzer().analyze(memory);
  }

  @Test
  void memoryOfNothing_isNoWindows() {
    PhysicalMemory nothing = TestMemory.ofSize(4096).without(0);

    assertThat(analyze(nothing).status()).isEqualTo(CaptureStatus.NO_WINDOWS);
  }
}
