package io.ramtide.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.acquirer.source.SourceDescription;
import io.ramtide.scanner.memory.FrameStatus;
import io.ramtide.schemas.Consistency;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** RAM 0x1000-0x8fff, 0x20000-0x20fff; data 0x2000-0x3fff, 0x5000; unreadable 0x6000-0x7fff. */
class SourceMemoryTest {
  private final SourceMemory memory = new SourceMemory(new Source());

  /** Every byte is the number of its frame. */
  private static final class Source implements MemorySource {
    @Override
    public SourceDescription description() {
      return new SourceDescription(
          "test",
          "test",
          OptionalLong.empty(),
          OptionalLong.empty(),
          Consistency.UNKNOWN,
          List.of());
    }

    @Override
    public List<MemoryRange> ram() {
      return List.of(new MemoryRange(0x1000, 0x8000), new MemoryRange(0x20000, 0x1000));
    }

    @Override
    public List<MemoryRange> data() {
      return List.of(new MemoryRange(0x2000, 0x2000), new MemoryRange(0x5000, 0x1000));
    }

    @Override
    public List<MemoryRange> unreadable() {
      return List.of(new MemoryRange(0x6000, 0x2000));
    }

    @Override
    public void read(long gpa, ByteBuffer target) {
      assertThat(data())
          .anyMatch(range -> gpa >= range.gpa() && gpa + target.remaining() <= range.end());
      for (long at = gpa; target.hasRemaining(); at++) {
        target.put((byte) (at >> 12));
      }
    }

    @Override
    public ByteBuffer view(long gpa, int length) {
      ByteBuffer copy = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
      read(gpa, copy);
      return copy.flip();
    }

    @Override
    public void close() {}
  }

  @Test
  void status_isThatOfTheFrame() {
    assertThat(memory.status(0x0fff)).isEqualTo(FrameStatus.ABSENT);
    assertThat(memory.status(0x1000)).isEqualTo(FrameStatus.ZERO);
    assertThat(memory.status(0x2000)).isEqualTo(FrameStatus.DATA);
    assertThat(memory.status(0x3fff)).isEqualTo(FrameStatus.DATA);
    assertThat(memory.status(0x4000)).isEqualTo(FrameStatus.ZERO);
    assertThat(memory.status(0x6000)).isEqualTo(FrameStatus.UNREADABLE);
    assertThat(memory.status(0x8000)).isEqualTo(FrameStatus.ZERO);
    assertThat(memory.status(0x9000)).isEqualTo(FrameStatus.ABSENT);
    assertThat(memory.status(-1)).isEqualTo(FrameStatus.ABSENT);
    assertThat(memory.status(Long.MAX_VALUE)).isEqualTo(FrameStatus.ABSENT);
  }

  @Test
  void read_acrossDataAndZero_stopsAtTheUnreadable() {
    byte[] target = new byte[0x9000];
    Arrays.fill(target, (byte) 0xff);
    int read = memory.read(0x1800, target, 16, 0x8000);
    assertThat(read).isEqualTo(0x6000 - 0x1800);
    for (int i = 0; i < read; i++) {
      int frame = (0x1800 + i) >> 12;
      int expected = frame == 2 || frame == 3 || frame == 5 ? frame : 0;
      assertThat(target[16 + i]).as("0x%x", 0x1800 + i).isEqualTo((byte) expected);
    }
    assertThat(target[15]).isEqualTo((byte) 0xff);
    assertThat(target[16 + read]).isEqualTo((byte) 0xff);
  }

  @Test
  void read_ofTheLastZeroFrame_stopsAtTheEndOfRam() {
    assertThat(memory.read(0x8ff8, new byte[64], 0, 64)).isEqualTo(8);
  }

  @Test
  void read_outsideRam_readsNothing() {
    assertThat(memory.read(0x0, new byte[8], 0, 8)).isZero();
    assertThat(memory.read(0x10000, new byte[8], 0, 8)).isZero();
    assertThat(memory.read(-4096, new byte[8], 0, 8)).isZero();
  }

  @Test
  void scan_visitsDataInOrder() {
    List<Long> seen = new ArrayList<>();
    boolean all =
        memory.scan(
            (gpa, block) -> {
              assertThat(block.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
              for (int at = 0; at < block.limit(); at += 4096) {
                assertThat(block.get(at)).isEqualTo((byte) ((gpa + at) >> 12));
                seen.add(gpa + at);
              }
              return true;
            });
    assertThat(all).isTrue();
    assertThat(seen).containsExactly(0x2000L, 0x3000L, 0x5000L);
  }

  @Test
  void scan_whenTheVisitorHasEnough_ends() {
    assertThat(memory.scan((gpa, block) -> false)).isFalse();
  }

  @Test
  void scan_tellsHowFarItIs() {
    List<String> heard = new ArrayList<>();
    new SourceMemory(new Source(), (done, total) -> heard.add(done + "/" + total))
        .scan((gpa, block) -> true);
    assertThat(heard).containsExactly("8192/12288", "12288/12288");
  }
}
