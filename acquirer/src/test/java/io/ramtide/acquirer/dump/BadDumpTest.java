package io.ramtide.acquirer.dump;

import static io.ramtide.acquirer.dump.DumpBuilder.FRAME;
import static io.ramtide.acquirer.dump.DumpBuilder.join;
import static io.ramtide.acquirer.dump.DumpBuilder.lime;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadDumpTest {
  @TempDir Path folder;

  @Test
  void missingFile_saysSo() {
    refused(folder.resolve("none.raw")).hasMessageContaining("there is no such file");
  }

  @Test
  void directory_saysSo() {
    refused(folder).hasMessageContaining("is a directory");
  }

  @Test
  void device_saysSo() {
    refused(Path.of("/dev/null")).hasMessageContaining("no regular file");
  }

  @Test
  void forbiddenFile_saysSo() {
    Path file = Path.of("secret.raw");
    assertThat(DumpFile.explain(file, new AccessDeniedException("secret.raw")))
        .isEqualTo("secret.raw: no permission to read it; run as its owner or change its mode");
  }

  @Test
  void emptyFile_saysSo() throws Exception {
    refused(write(new byte[0])).hasMessageContaining("is empty");
  }

  @ParameterizedTest
  @CsvSource({
    "KDUMP   , kdump-compressed",
    "makedumpfile, flattened makedumpfile",
    "PAGEDU64, Windows crash dump (64-bit)",
    "PAGEDUMP, Windows crash dump (32-bit)",
    "LibvirtQemudSave, libvirt save file",
    "QEVM, QEMU migration stream",
    "AVML, AVML",
    "0x1f8b08, gzip",
    "0x28b52ffd, zstd",
    "0xfd377a585a00, xz",
    "0xd2bed2be, VMware",
    "0xd1bad1ba, VMware",
  })
  void recognisedFormat_isNamedWithAdvice(String magic, String name) throws Exception {
    byte[] head =
        magic.startsWith("0x")
            ? HexFormat.of().parseHex(magic.substring(2))
            : (magic.equals("KDUMP") ? "KDUMP   " : magic).getBytes(StandardCharsets.US_ASCII);
    refused(write(Arrays.copyOf(head, 2 * FRAME)))
        .hasMessageContaining(name)
        .hasMessageContaining("not supported yet; ");
  }

  @Test
  void executable_isNoCore() throws Exception {
    refused(loaded().type(2)).hasMessageContaining("no core dump (e_type 2");
  }

  @Test
  void elf32AndBigEndian_areRefused() throws Exception {
    refused(loaded().elfClass(1)).hasMessageContaining("32-bit ELF");
    refused(loaded().byteOrder(2)).hasMessageContaining("big-endian ELF");
  }

  @Test
  void coreOfAProcess_isRefused() throws Exception {
    refused(
            new DumpBuilder(4 * FRAME)
                .load(0, FRAME, FRAME, FRAME)
                .load(0, 2 * FRAME, FRAME, FRAME))
        .hasMessageContaining("user process");
    byte[] auxv =
        ByteBuffer.allocate(20)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(5)
            .putInt(0)
            .putInt(6)
            .put("CORE".getBytes(StandardCharsets.US_ASCII))
            .array();
    DumpBuilder single =
        new DumpBuilder(4 * FRAME)
            .put(512, auxv)
            .load(0, FRAME, FRAME, FRAME)
            .header(new DumpBuilder.Header(4, 512, 0, 20, 0));
    refused(single).hasMessageContaining("user process");
  }

  @Test
  void coreWithoutMemory_isRefused() throws Exception {
    refused(new DumpBuilder(FRAME).header(new DumpBuilder.Header(4, 0, 0, 0, 0)))
        .hasMessageContaining("no PT_LOAD");
  }

  @ParameterizedTest
  @CsvSource({
    "0x1000, 0x1000, 0x2000, 0x1000", // more in the file than in memory
    "0x1000, 0x7fffffffffffffff, 0x1000, 0x1000", // file offset overflows
    "0x1000, -1, 0x1000, 0x1000",
    "-1, 0x1000, 0x1000, 0x1000", // as /proc/kcore has it
    "0x1000, 0x1000, 0x1000, -1",
    "0xffffffffff000, 0x1000, 0x1000, 0x2000", // beyond 52 bits
  })
  void impossibleProgramHeader_isNamed(String gpa, String offset, String file, String memory)
      throws Exception {
    refused(
            loaded()
                .load(
                    Long.decode(gpa), Long.decode(offset), Long.decode(file), Long.decode(memory)))
        .hasMessageContaining("corrupt ELF core: impossible program header 1");
  }

  @Test
  void absurdRam_isRefused() throws Exception {
    refused(new DumpBuilder(FRAME).load(0, 0, 0, 1L << 50)).hasMessageContaining("64 TiB");
  }

  @Test
  void overlapWithDifferentBytes_isRefused() throws Exception {
    refused(
            new DumpBuilder(8 * FRAME)
                .load(FRAME, FRAME, 2 * FRAME, 2 * FRAME)
                .load(2 * FRAME, 5 * FRAME, FRAME, FRAME))
        .hasMessageContaining("program header 0")
        .hasMessageContaining("program header 1")
        .hasMessageContaining("overlap");
    // The same place in the file, but one says that the second frame is zero.
    refused(
            new DumpBuilder(8 * FRAME)
                .load(FRAME, FRAME, FRAME, 2 * FRAME)
                .load(FRAME, FRAME, 2 * FRAME, 2 * FRAME))
        .hasMessageContaining("overlap");
  }

  @Test
  void programHeadersOutsideTheFile_areRefused() throws Exception {
    byte[] elf = Files.readAllBytes(loaded().elf(folder.resolve("core")));
    refused(write(Arrays.copyOf(elf, 100))).hasMessageContaining("do not fit into the file");
    refused(write(Arrays.copyOf(elf, 40))).hasMessageContaining("inside the ELF header");
    refused(new DumpBuilder(FRAME)).hasMessageContaining("no program headers");
    ByteBuffer counted = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
    counted.putShort(56, (short) 0xffff);
    refused(write(elf)).hasMessageContaining("section header");
    counted.putLong(40, 200).putInt(200 + 44, -1);
    refused(write(elf)).hasMessageContaining("4294967295 program headers");
  }

  @Test
  void lime_ofUnknownVersion_isRefused() throws Exception {
    refused(write(lime(2, 0, 4095))).hasMessageContaining("avml-convert");
    refused(write(lime(3, 0, 4095))).hasMessageContaining("version 3");
  }

  @Test
  void lime_withImpossibleRange_isRefused() throws Exception {
    refused(write(lime(1, 4096, 4094))).hasMessageContaining("before it starts");
    refused(write(lime(1, 0, -1))).hasMessageContaining("corrupt");
    refused(write(lime(1, -4096, -1))).hasMessageContaining("corrupt");
  }

  @Test
  void lime_withoutTheNextHeader_isRefused() throws Exception {
    refused(write(join(lime(1, 0, 99), new byte[2 * FRAME])))
        .hasMessageContaining("no LiME header at 0x84");
  }

  @Test
  void randomDamageToHeaders_neverEscapes() throws Exception {
    byte[] elf = Files.readAllBytes(loaded().elf(folder.resolve("core")));
    byte[] lime = join(lime(1, 0, FRAME - 1), new byte[FRAME], lime(1, FRAME, FRAME));
    Random random = new Random(42);
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = (i % 2 == 0 ? elf : lime).clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        damaged[4 + random.nextInt(116)] = (byte) random.nextInt(256);
      }
      try (MemorySource source = Dumps.open(write(damaged))) {
        assertThat(source.ram()).isNotEmpty();
      } catch (UnreadableDumpException e) {
        assertThat(e).hasMessageContaining("bad.dump");
      }
    }
  }

  private static DumpBuilder loaded() {
    return new DumpBuilder(4 * FRAME).load(FRAME, FRAME, FRAME, FRAME);
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("bad.dump"), bytes);
  }

  private AbstractThrowableAssert<?, ?> refused(DumpBuilder dump) throws IOException {
    return refused(dump.elf(folder.resolve("bad.elf")));
  }

  private static AbstractThrowableAssert<?, ?> refused(Path file) {
    return assertThatThrownBy(() -> Dumps.open(file).close())
        .isInstanceOf(UnreadableDumpException.class)
        .hasMessageContaining(file.getFileName().toString());
  }
}
