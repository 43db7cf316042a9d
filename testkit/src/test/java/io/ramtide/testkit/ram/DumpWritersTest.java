package io.ramtide.testkit.ram;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.testkit.SimulatedGuest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads every dump back with a reader of a few lines that knows only the format. */
class DumpWritersTest {

  private static final long CR3 = 0x187000;

  private record Run(long gpa, long length, long fileOffset) {}

  private static GuestRam ram;
  @TempDir Path folder;

  @BeforeAll
  static void boot() {
    ram = SimulatedGuest.windows7(1).boot().snapshot();
  }

  @Test
  void raw_everyFrame_isAtItsAddress() throws IOException {
    Path file = folder.resolve("ram.raw");
    ram.writeRaw(file);

    assertThat(Files.size(file)).isEqualTo(64L << 20);
    assertHolds(file, List.of(new Run(0, 64L << 20, 0)));
  }

  @Test
  void elfCore_everyFrame_isWhereItsHeaderSays() throws IOException {
    Path file = folder.resolve("ram.elf");
    ram.writeElfCore(file, CR3);

    List<Run> loads = new ArrayList<>();
    ByteBuffer head = read(file, 0, 4096);
    assertThat(head.getInt(0)).isEqualTo(0x464c457f);
    assertThat(head.getShort(16)).isEqualTo((short) 4);
    assertThat(head.getShort(18)).isEqualTo((short) 62);
    for (int i = 0; i < head.getShort(56); i++) {
      int at = (int) head.getLong(32) + 56 * i;
      long offset = head.getLong(at + 8);
      if (head.getInt(at) == 1) {
        assertThat(head.getLong(at + 32)).isEqualTo(head.getLong(at + 40));
        loads.add(new Run(head.getLong(at + 24), head.getLong(at + 32), offset));
      } else {
        assertThat(head.getInt(at)).isEqualTo(4);
        int qemu = (int) offset + 12 + 8 + 336;
        assertThat(head.getInt(qemu + 4)).isEqualTo(440);
        assertThat(head.getLong(qemu + 12 + 8 + 416)).isEqualTo(CR3);
      }
    }
    assertThat(loads).hasSizeGreaterThan(3).allMatch(load -> (load.fileOffset() & 0xfff) != 0);
    assertThat(loads)
        .noneMatch(load -> load.gpa() < 0x100000 && load.gpa() + load.length() > 0xa0000);
    assertHolds(file, loads);
  }

  @Test
  void lime_everyFrame_followsItsRangesHeader() throws IOException {
    Path file = folder.resolve("ram.lime");
    ram.writeLime(file);

    List<Run> ranges = new ArrayList<>();
    for (long at = 0; at < Files.size(file); ) {
      ByteBuffer header = read(file, at, 32);
      assertThat(header.getInt(0)).isEqualTo(0x4C694D45);
      assertThat(header.getInt(4)).isEqualTo(1);
      long length = header.getLong(16) + 1 - header.getLong(8);
      ranges.add(new Run(header.getLong(8), length, at + 32));
      at += 32 + length;
    }
    assertThat(ranges).hasSize(2);
    assertThat(ranges.get(0).length()).isEqualTo(0x9fc00);
    assertHolds(file, ranges);
  }

  private static void assertHolds(Path file, List<Run> runs) throws IOException {
    for (long number : ram.frames()) {
      long gpa = number << 12;
      Run run =
          runs.stream()
              .filter(r -> gpa >= r.gpa() && gpa + 4096 <= r.gpa() + r.length())
              .findFirst()
              .orElseThrow();
      assertThat(read(file, run.fileOffset() + gpa - run.gpa(), 4096).array())
          .isEqualTo(ram.frame(number));
    }
  }

  private static ByteBuffer read(Path file, long offset, int length) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
      channel.read(buffer, offset);
      return buffer;
    }
  }
}
