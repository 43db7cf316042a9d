package io.ramtide.acquirer.dump;

import static io.ramtide.acquirer.dump.DumpBuilder.FRAME;
import static io.ramtide.acquirer.dump.DumpBuilder.frames;
import static io.ramtide.acquirer.dump.DumpBuilder.ramOf;
import static io.ramtide.acquirer.dump.DumpBuilder.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RawDumpTest {
  @TempDir Path folder;

  @Test
  void raw_isReadByOffset() throws Exception {
    byte[] bytes = random(5 * FRAME, 1);
    try (MemorySource source = Dumps.open(raw(bytes))) {
      assertThat(source.ram()).containsExactly(frames(0, 5));
      assertThat(source.unreadable()).isEmpty();
      assertThat(ramOf(source, 0, bytes.length)).isEqualTo(bytes);
      assertThat(source.description().method()).isEqualTo("dump:raw");
      assertThat(source.description().name()).isEqualTo("ram.raw");
      assertThat(source.description().bytes()).hasValue(bytes.length);
      assertThat(source.description().modifiedAtMicros()).isPresent();
      assertThat(source.description().warnings()).isEmpty();
    }
  }

  @Test
  void view_isReadOnlyAndLittleEndian() throws Exception {
    try (MemorySource source = Dumps.open(raw(random(FRAME, 1)))) {
      ByteBuffer view = source.view(16, 8);
      assertThat(view.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
      assertThat(view.remaining()).isEqualTo(8);
      assertThatThrownBy(() -> view.put(0, (byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
      assertThatThrownBy(() -> source.view(FRAME - 4, 8))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void oddSize_isRoundedUpWithZerosAndAWarning() throws Exception {
    byte[] bytes = random(FRAME + 100, 2);
    try (MemorySource source = Dumps.open(raw(bytes))) {
      assertThat(source.ram()).containsExactly(frames(0, 2));
      assertThat(ramOf(source, 0, 2 * FRAME)).isEqualTo(Arrays.copyOf(bytes, 2 * FRAME));
      assertThat(source.description().warnings()).singleElement().asString().contains("4196");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void sparseFile_hasNoDataInItsHoles() throws Exception {
    long terabyte = 1L << 40;
    byte[] bytes = random(FRAME, 3);
    Path file = sparse(terabyte, bytes, 1L << 30, (1L << 39) + FRAME);
    try (MemorySource source = Dumps.open(file)) {
      assertThat(source.ram()).containsExactly(new MemoryRange(0, terabyte));
      long data = source.data().stream().mapToLong(MemoryRange::length).sum();
      // A file system may allocate in larger blocks than it was asked for.
      assertThat(data).isBetween(2L * FRAME, 2L << 20);
      assertThat(ramOf(source, (1L << 39) + FRAME, FRAME)).isEqualTo(bytes);
      assertThat(Dumps.domainOf(source)).isNotNull();
    }
  }

  @Test
  void domain_isTheSameHoweverSparse() throws Exception {
    byte[] page = random(FRAME, 4);
    byte[] full = new byte[64 * FRAME];
    System.arraycopy(page, 0, full, 32 * FRAME, FRAME);
    Path sparse = sparse(full.length, page, 32L * FRAME);
    UUID domain = domain(raw(full));
    assertThat(domain(sparse)).isEqualTo(domain);
    assertThat(domain.version()).isEqualTo(8);
    assertThat(domain.variant()).isEqualTo(2);
    full[5] = 1;
    assertThat(domain(raw(full))).isNotEqualTo(domain);
  }

  @Test
  void domain_isTheSameWhateverTheFormat() throws Exception {
    byte[] ram = random(3 * FRAME, 5);
    Path elf =
        new DumpBuilder(8 * FRAME)
            .put(2 * FRAME + 7, Arrays.copyOf(ram, FRAME))
            .put(4 * FRAME + 3, Arrays.copyOfRange(ram, FRAME, 3 * FRAME))
            .load(FRAME, 4 * FRAME + 3, 2 * FRAME, 2 * FRAME)
            .load(0, 2 * FRAME + 7, FRAME, FRAME)
            .elf(folder.resolve("core"));
    Path lime =
        Files.write(
            folder.resolve("lime"), DumpBuilder.join(DumpBuilder.lime(1, 0, ram.length - 1), ram));
    assertThat(domain(elf)).isEqualTo(domain(raw(ram))).isEqualTo(domain(lime));
  }

  @Test
  void fileThatShrinks_isAnErrorAndNotTheEndOfTheJvm() throws Exception {
    Path file = raw(random(4 * FRAME, 6));
    try (MemorySource source = Dumps.open(file)) {
      source.view(0, FRAME);
      try (RandomAccessFile writer = new RandomAccessFile(file.toFile(), "rw")) {
        writer.setLength(FRAME);
      }
      ByteBuffer target = ByteBuffer.allocate(FRAME);
      assertThatThrownBy(() -> source.read(2 * FRAME, target))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("has shrunk");
      assertThatThrownBy(() -> source.view(2 * FRAME, FRAME))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ends at 4096");
      assertThatThrownBy(() -> Dumps.domainOf(source))
          .isInstanceOf(UnreadableDumpException.class)
          .hasMessageContaining("has shrunk");
    }
  }

  private UUID domain(Path file) throws Exception {
    try (MemorySource source = Dumps.open(file)) {
      return Dumps.domainOf(source);
    }
  }

  private Path raw(byte[] bytes) throws IOException {
    return DumpBuilder.raw(folder.resolve("ram.raw"), bytes);
  }

  private Path sparse(long size, byte[] bytes, long... offsets) throws IOException {
    Path file = folder.resolve("sparse.raw");
    try (RandomAccessFile writer = new RandomAccessFile(file.toFile(), "rw")) {
      writer.setLength(size);
      for (long offset : offsets) {
        writer.seek(offset);
        writer.write(bytes);
      }
    }
    return file;
  }
}
