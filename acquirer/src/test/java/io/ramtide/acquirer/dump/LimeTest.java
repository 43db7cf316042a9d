package io.ramtide.acquirer.dump;

import static io.ramtide.acquirer.dump.DumpBuilder.FRAME;
import static io.ramtide.acquirer.dump.DumpBuilder.frames;
import static io.ramtide.acquirer.dump.DumpBuilder.join;
import static io.ramtide.acquirer.dump.DumpBuilder.lime;
import static io.ramtide.acquirer.dump.DumpBuilder.ramOf;
import static io.ramtide.acquirer.dump.DumpBuilder.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.Consistency;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimeTest {
  @TempDir Path folder;

  private final byte[] low = random(FRAME + 3072, 1);
  private final byte[] high = random(FRAME, 2);

  @Test
  void rangesThatEndInsideAFrame_areFilledWithZeros() throws Exception {
    try (MemorySource source = open(low(), low, high(), high)) {
      assertThat(source.ram()).containsExactly(frames(1, 2), frames(256, 1));
      assertThat(ramOf(source, FRAME, 2 * FRAME)).isEqualTo(Arrays.copyOf(low, 2 * FRAME));
      assertThat(ramOf(source, 256 * FRAME, FRAME)).isEqualTo(high);
      assertThat(source.description().method()).isEqualTo("dump:lime");
      assertThat(source.description().consistency()).isEqualTo(Consistency.LIVE);
      assertThat(source.description().warnings()).isEmpty();
    }
  }

  @Test
  void rangesPaddedToFrames_areReadTheSame() throws Exception {
    byte[] padding = new byte[1024];
    try (MemorySource source = open(low(), low, padding, high(), high)) {
      assertThat(ramOf(source, FRAME, 2 * FRAME)).isEqualTo(Arrays.copyOf(low, 2 * FRAME));
      assertThat(ramOf(source, 256 * FRAME, FRAME)).isEqualTo(high);
    }
    try (MemorySource source = open(high(), high, low(), low, padding)) {
      assertThat(source.ram()).containsExactly(frames(1, 2), frames(256, 1));
      assertThat(source.unreadable()).isEmpty();
    }
  }

  @Test
  void truncatedFile_opensWithWhatItHas() throws Exception {
    try (MemorySource source = open(low(), low, high(), Arrays.copyOf(high, 10))) {
      assertThat(source.unreadable()).containsExactly(frames(256, 1));
      assertThat(source.data()).containsExactly(frames(1, 1), frames(2, 1));
      assertThat(source.description().warnings())
          .singleElement()
          .asString()
          .contains("LiME range 1", "truncated");
    }
  }

  @Test
  void headerCutShort_isAWarning() throws Exception {
    try (MemorySource source = open(low(), low, Arrays.copyOf(high(), 20))) {
      assertThat(source.ram()).containsExactly(frames(1, 2));
      assertThat(source.description().warnings())
          .singleElement()
          .asString()
          .contains("inside the LiME header");
    }
  }

  private byte[] low() {
    return lime(1, FRAME, FRAME + low.length - 1L);
  }

  private byte[] high() {
    return lime(1, 256L * FRAME, 257L * FRAME - 1);
  }

  private MemorySource open(byte[]... parts) throws Exception {
    return Dumps.open(Files.write(folder.resolve("dump.lime"), join(parts)));
  }
}
