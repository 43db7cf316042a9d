package io.ramtide.acquirer.live.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.acquirer.host.MappedArea;
import io.ramtide.acquirer.host.MappedArea.FileId;
import io.ramtide.acquirer.host.Pagemap.Pages;
import io.ramtide.acquirer.source.ChangeHint;
import io.ramtide.acquirer.source.MemoryRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WriteTrackerTest {
  private static final int FRAME = 4096;
  private static final long HVA = 0x7f0000000000L;
  private static final List<RamPart> PRIVATE = List.of(part(false, 0));

  private final FakeKernel kernel = new FakeKernel();
  private final WriteTracker tracker = new WriteTracker(kernel);

  @Test
  void captureThatClears_andTheNext_tellNothing() throws Exception {
    for (int capture = 0; capture < 2; capture++) {
      ChangeHint hint = tracker.next(PRIVATE);
      assertThat(hint.since()).isZero();
      assertThat(hint.unchanged()).isEmpty();
    }
    assertThat(kernel.clearings).isEqualTo(1);
  }

  @Test
  void laterCapture_tellsWhatWasNotWritten_sinceTheOneBefore() throws Exception {
    tracker.next(PRIVATE);
    long before = tracker.next(PRIVATE).token();
    kernel.written.add(HVA + 2 * FRAME);
    ChangeHint hint = tracker.next(PRIVATE);
    assertThat(hint.since()).isEqualTo(before);
    assertThat(hint.unchanged())
        .containsExactly(new MemoryRange(0, 2 * FRAME), new MemoryRange(3 * FRAME, 5 * FRAME));
    assertThat(tracker.next(PRIVATE).since()).isEqualTo(hint.token());
  }

  @Test
  void writtenPage_countsAsWritten_untilTheNoteIsCleared() throws Exception {
    tracker.next(PRIVATE);
    kernel.written.add(HVA);
    for (int capture = 1; capture < WriteTracker.CAPTURES; capture++) {
      assertThat(tracker.next(PRIVATE).unchanged()).noneMatch(range -> range.gpa() == 0);
    }
    assertThat(tracker.next(PRIVATE).since()).isZero();
    assertThat(kernel.clearings).isEqualTo(2);
    tracker.next(PRIVATE);
    assertThat(tracker.next(PRIVATE).unchanged()).containsExactly(new MemoryRange(0, 8 * FRAME));
  }

  @Test
  void tokens_areNeverTheSame() throws Exception {
    assertThat(tracker.next(PRIVATE).token())
        .isNotEqualTo(new WriteTracker(kernel).next(PRIVATE).token())
        .isNotZero();
  }

  @Test
  void memoryThatOthersMayWrite_isNeverTold() throws Exception {
    List<RamPart> others = List.of(part(true, 7), part(false, 7));
    tracker.next(others);
    tracker.next(others);
    assertThat(tracker.next(others).unchanged()).isEmpty();
  }

  private static RamPart part(boolean shared, long inode) {
    return new RamPart(
        new MemoryRange(0, 8 * FRAME),
        HVA,
        new MappedArea(HVA, HVA + 8 * FRAME, shared, 0, new FileId("00:01", inode)));
  }

  private static final class FakeKernel implements WriteTracker.Kernel {
    final TreeSet<Long> written = new TreeSet<>();
    int clearings;

    @Override
    public void clear() {
      written.clear();
      clearings++;
    }

    @Override
    public List<Pages> unwritten(long start, long end, int most) throws IOException {
      List<Pages> pages = new ArrayList<>();
      for (long at = start; at < end; at += FRAME) {
        if (!written.contains(at)) {
          pages.add(new Pages(at, at + FRAME));
        }
      }
      return pages;
    }
  }
}
