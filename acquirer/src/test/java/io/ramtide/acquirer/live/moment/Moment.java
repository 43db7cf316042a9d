package io.ramtide.acquirer.live.moment;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.acquirer.live.QemuProcess;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;

/** Compares what a source shows of a {@link QemuProcess} with what QEMU itself says. */
final class Moment {
  private static final int FRAME = MemorySource.FRAME_BYTES;
  private static final int CHUNK = 128 * FRAME;

  private Moment() {}

  static byte[] read(MemorySource source, long gpa, int length) throws IOException {
    byte[] bytes = new byte[length];
    for (MemoryRange range : source.data()) {
      long start = Math.max(gpa, range.gpa());
      long end = Math.min(gpa + length, range.end());
      for (long at = start; at < end; at += CHUNK) {
        int part = (int) Math.min(CHUNK, end - at);
        source.read(at, ByteBuffer.wrap(bytes, (int) (at - gpa), part));
        assertThat(source.view(at, part)).isEqualTo(ByteBuffer.wrap(bytes, (int) (at - gpa), part));
      }
    }
    return bytes;
  }

  /** Waits until the guest's program counts, whatever the firmware left there; gives a count. */
  static long awaitProgram(QemuProcess guest) throws IOException {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    long before = 0;
    int steps = 0;
    while (steps < 3) {
      assertThat(System.nanoTime()).as("the guest counts").isLessThan(deadline);
      ByteBuffer bytes =
          ByteBuffer.wrap(guest.truth(QemuProcess.COUNTER, FRAME + 4))
              .order(ByteOrder.LITTLE_ENDIAN);
      long first = bytes.getInt(0) & 0xffffffffL;
      long second = bytes.getInt(FRAME) & 0xffffffffL;
      if (first != before) {
        // The program runs while QEMU copies: the second is read a little later.
        steps = first > before && Math.abs(second - first) < 1 << 20 ? steps + 1 : 0;
        before = first;
      }
    }
    return before;
  }

  /** The guest writes one counter after the other: at any one moment they differ by one at most. */
  static long oneMoment(MemorySource source) throws IOException {
    long first = counter(source, QemuProcess.COUNTER);
    long second = counter(source, QemuProcess.COUNTER + FRAME);
    assertThat(first - second).isBetween(0L, 1L);
    return first;
  }

  private static long counter(MemorySource source, long gpa) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(read(source, gpa, FRAME)).order(ByteOrder.LITTLE_ENDIAN);
    return bytes.getInt() & 0xffffffffL;
  }

  /** All but the two pages that the guest writes, and what the firmware hides of the first MiB. */
  static void equal(MemorySource source, QemuProcess guest, long gpa, int length)
      throws IOException {
    byte[] image = read(source, gpa, length);
    byte[] truth = guest.truth(gpa, length);
    for (long frame = gpa; frame < gpa + length; frame += FRAME) {
      boolean written = frame == QemuProcess.COUNTER || frame == QemuProcess.COUNTER + FRAME;
      boolean hidden = frame >= 0xa0000 && frame < 0x100000;
      int at = (int) (frame - gpa);
      if (!written && !hidden) {
        assertThat(Arrays.mismatch(image, at, at + FRAME, truth, at, at + FRAME))
            .as("frame 0x%x", frame)
            .isEqualTo(-1);
      }
    }
  }
}
