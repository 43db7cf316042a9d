package io.ramtide.acquirer.dump;

import static io.ramtide.acquirer.dump.DumpBuilder.FRAME;
import static io.ramtide.acquirer.dump.DumpBuilder.frames;
import static io.ramtide.acquirer.dump.DumpBuilder.ramOf;
import static io.ramtide.acquirer.dump.DumpBuilder.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfCoreTest {
  @TempDir Path folder;

  @Test
  void segments_areReadByPhysicalAddress() throws Exception {
    byte[] low = random(2 * FRAME, 1);
    byte[] high = random(FRAME, 2);
    DumpBuilder dump =
        new DumpBuilder(8 * FRAME)
            .put(FRAME + 13, low)
            .put(5 * FRAME + 1, high)
            .header(new DumpBuilder.Header(4, 512, 0, 20, 20))
            .load(1L << 32, 5 * FRAME + 1, FRAME, FRAME)
            .load(0, FRAME + 13, 2 * FRAME, 2 * FRAME);
    try (MemorySource source = open(dump)) {
      assertThat(source.ram()).containsExactly(frames(0, 2), new MemoryRange(1L << 32, FRAME));
      assertThat(ramOf(source, 0, 2 * FRAME)).isEqualTo(low);
      assertThat(ramOf(source, 1L << 32, FRAME)).isEqualTo(high);
      assertThat(source.description().method()).isEqualTo("dump:elf-core");
      assertThat(source.description().warnings()).isEmpty();
    }
  }

  @Test
  void notesOfProcessors_giveTheirCr3() throws Exception {
    byte[] notes =
        DumpBuilder.join(
            note("CORE", 336, 0), note("QEMU", 448, 0x1ad002), note("QEMU", 448, 0x5_5500_0003L));
    DumpBuilder dump = withNotes(notes);

    try (MemorySource source = open(dump)) {
      assertThat(source.cr3s()).containsExactly(0x1ad002L, 0x5_5500_0003L);
    }
  }

  @Test
  void notesThatAreCutOrOfOthers_giveNoCr3() throws Exception {
    byte[] cut = Arrays.copyOf(note("QEMU", 448, 0x1ad002), 200);
    byte[] notes = DumpBuilder.join(note("QEMV", 448, 0x1000), note("QEMU", 64, 0), cut);
    try (MemorySource source = open(withNotes(notes))) {
      assertThat(source.cr3s()).isEmpty();
    }
  }

  private static DumpBuilder withNotes(byte[] notes) {
    return new DumpBuilder(4 * FRAME)
        .put(512, notes)
        .header(new DumpBuilder.Header(4, 512, 0, notes.length, notes.length))
        .load(FRAME, 2 * FRAME, FRAME, FRAME);
  }

  /** A note as QEMU writes it: CR3 is the fourth of the control registers, behind the segments. */
  private static byte[] note(String name, int descriptorBytes, long cr3) {
    ByteBuffer note = ByteBuffer.allocate(12 + 8 + descriptorBytes).order(ByteOrder.LITTLE_ENDIAN);
    note.putInt(5).putInt(descriptorBytes).putInt(name.equals("CORE") ? 1 : 0);
    note.put(name.getBytes(StandardCharsets.US_ASCII));
    if (descriptorBytes >= 448) {
      note.putLong(20 + 392 + 24, cr3);
    }
    return note.array();
  }

  @Test
  void memoryBehindFileBytes_isZero() throws Exception {
    byte[] bytes = random(FRAME + 10, 3);
    DumpBuilder dump =
        new DumpBuilder(4 * FRAME)
            .put(FRAME, bytes)
            .load(FRAME, FRAME, bytes.length, 1000L * FRAME);
    try (MemorySource source = open(dump)) {
      assertThat(source.ram()).containsExactly(frames(1, 1000));
      assertThat(source.data()).containsExactly(frames(1, 1), frames(2, 1));
      assertThat(ramOf(source, FRAME, 3 * FRAME)).isEqualTo(Arrays.copyOf(bytes, 3 * FRAME));
    }
  }

  @Test
  void segmentsThatShareAFrame_areBothInIt() throws Exception {
    byte[] bytes = random(FRAME, 4);
    DumpBuilder dump =
        new DumpBuilder(8 * FRAME)
            .put(FRAME, Arrays.copyOf(bytes, 1000))
            .put(3 * FRAME + 5, Arrays.copyOfRange(bytes, 1000, FRAME))
            .load(4 * FRAME, FRAME, 1000, 1000)
            .load(4 * FRAME + 1000, 3 * FRAME + 5, FRAME - 1000, FRAME - 1000);
    try (MemorySource source = open(dump)) {
      assertThat(source.ram()).containsExactly(frames(4, 1));
      assertThat(ramOf(source, 4 * FRAME, FRAME)).isEqualTo(bytes);
    }
  }

  @Test
  void segmentsThatShowTheSameBytesTwice_areJoined() throws Exception {
    byte[] bytes = random(3 * FRAME, 5);
    DumpBuilder dump =
        new DumpBuilder(4 * FRAME)
            .put(FRAME, bytes)
            .load(2 * FRAME, 2 * FRAME, 2 * FRAME, 2 * FRAME)
            .load(FRAME, FRAME, 2 * FRAME, 2 * FRAME);
    try (MemorySource source = open(dump)) {
      assertThat(source.ram()).containsExactly(frames(1, 3));
      assertThat(ramOf(source, FRAME, 3 * FRAME)).isEqualTo(bytes);
    }
  }

  @Test
  void countInSectionHeader_isTaken() throws Exception {
    int count = 70_000;
    DumpBuilder dump = new DumpBuilder(128 + 56 * count + FRAME).extendedCount();
    byte[] bytes = random(FRAME, 6);
    int offset = 128 + 56 * count;
    dump.put(offset, bytes);
    for (int i = 0; i < count - 2; i++) {
      dump.header(new DumpBuilder.Header(4, 0, 0, 0, 0));
    }
    dump.load(7 * FRAME, offset, FRAME, FRAME).load(9 * FRAME, offset, FRAME, FRAME);
    try (MemorySource source = open(dump)) {
      assertThat(source.ram()).containsExactly(frames(7, 1), frames(9, 1));
      assertThat(ramOf(source, 9 * FRAME, FRAME)).isEqualTo(bytes);
    }
  }

  @Test
  void truncatedFile_opensWithWhatItHas() throws Exception {
    byte[] bytes = random(2 * FRAME, 7);
    DumpBuilder dump =
        new DumpBuilder(3 * FRAME + 100)
            .put(FRAME, bytes)
            .load(0, FRAME, 4 * FRAME, 6 * FRAME)
            .load(100 * FRAME, 50 * FRAME, FRAME, FRAME);
    try (MemorySource source = open(dump)) {
      assertThat(source.ram()).containsExactly(frames(0, 6), frames(100, 1));
      assertThat(source.unreadable()).containsExactly(frames(2, 2), frames(100, 1));
      assertThat(ramOf(source, 0, 2 * FRAME)).isEqualTo(bytes);
      assertThat(source.data()).containsExactly(frames(0, 2));
      assertThat(source.description().warnings()).hasSize(2);
      assertThat(source.description().warnings().get(0))
          .contains("program header 0", "0x5000", "0x3064", "truncated");
    }
  }

  @Test
  void manyTruncatedSegments_giveFewWarnings() throws Exception {
    DumpBuilder dump = new DumpBuilder(4 * FRAME);
    for (int i = 1; i <= 100; i++) {
      dump.load(2L * i * FRAME, 1 << 20, FRAME, FRAME);
    }
    try (MemorySource source = open(dump)) {
      assertThat(source.unreadable()).hasSize(100);
      assertThat(source.description().warnings()).hasSizeLessThan(10);
      assertThat(source.description().warnings().get(8)).startsWith("92 more");
    }
  }

  private MemorySource open(DumpBuilder dump) throws Exception {
    return Dumps.open(dump.elf(folder.resolve("core.elf")));
  }
}
