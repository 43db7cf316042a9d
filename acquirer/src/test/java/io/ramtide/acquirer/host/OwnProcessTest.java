package io.ramtide.acquirer.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import io.ramtide.acquirer.host.Pagemap.Pages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Linux tells of a process, looked at on the process of the test. */
class OwnProcessTest {
  private static final int PAGE = 4096;

  @TempDir Path folder;
  private HostProcess self;

  @BeforeEach
  void find() throws IOException {
    assumeTrue(Platform.isLinux() && Platform.is64Bit(), "only 64-bit Linux has /proc");
    self = HostProcess.of(ProcessHandle.current().pid());
  }

  @Test
  void processThatStartedAtAnotherTime_isGone() throws Exception {
    self.requireAlive();
    assertThatThrownBy(() -> new HostProcess(self.pid(), self.startTicks() - 1).requireAlive())
        .isInstanceOf(ProcessGoneException.class)
        .hasMessageContaining("another one has its id");
  }

  @Test
  void processThatEnded_isGone() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    assertThatThrownBy(() -> HostProcess.of(ended.pid())).isInstanceOf(ProcessGoneException.class);
  }

  @Test
  void mappedFile_isFoundByInode_andOpened() throws Exception {
    Path path = Files.write(folder.resolve("shared memory (deleted)\n"), new byte[3 * PAGE]);
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer mapped = channel.map(MapMode.READ_WRITE, PAGE, 2 * PAGE);
      mapped.putLong(8, 42);
      MappedArea area = areaAt(address(mapped));
      assertThat(area.shared()).isTrue();
      assertThat(area.fileOffset()).isEqualTo(PAGE);
      assertThat(area.file().inode()).isEqualTo(Files.getAttribute(path, "unix:ino"));
      try (SharedFile file = SharedFiles.of(self).open(area)) {
        assertThat(file.size()).isEqualTo(3 * PAGE);
        assertThat(file.hasHugePages()).isFalse();
        assertThat(file.isSafeToMap()).isFalse();
        ByteBuffer read = ByteBuffer.allocate(8);
        file.read(PAGE + 8, read);
        assertThat(read.getLong(0)).isEqualTo(42);
      }
    }
  }

  @Test
  void holesOfAFile_areNoData_andTheLastPieceHasTheRestWhenThereAreTooMany() throws Exception {
    Path path = folder.resolve("sparse");
    int apart = 1 << 20;
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int i = 1; i <= 4; i++) {
        channel.write(ByteBuffer.allocate(PAGE), (long) i * apart);
      }
    }
    try (SharedFile file = SharedFile.open(path)) {
      assumeTrue(file.data(0, file.size(), 9).size() == 4, "this file system tells no holes");
      assertThat(file.data(apart, 2L * apart, 9))
          .containsExactly(new FileExtent(apart, apart + PAGE));
      assertThat(file.data(0, file.size(), 2))
          .containsExactly(
              new FileExtent(apart, apart + PAGE), new FileExtent(2L * apart, file.size()));
    }
  }

  @Test
  void pipe_isNoSharedFile_andIsNotWaitedFor() throws Exception {
    Path pipe = folder.resolve("pipe");
    assumeTrue(
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no mkfifo here");
    assertThatThrownBy(() -> SharedFile.open(pipe)).hasMessageContaining("is no regular file");
  }

  @Test
  void touchedPages_areThosePopulated_andReadingIsExact() throws Exception {
    long bytes = 64 * PAGE;
    int flags = LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS;
    long memory = LibC.mmap(0, bytes, LibC.PROT_READ | LibC.PROT_WRITE, flags, -1, 0);
    try (Pagemap pagemap = Pagemap.of(self)) {
      new Pointer(memory).setLong(3 * PAGE, 7);
      new Pointer(memory).setLong(4 * PAGE, 8);
      new Pointer(memory).setLong(60 * PAGE, 9);
      assertThat(pagemap.populated(memory, memory + bytes, 9))
          .containsExactly(pages(memory, 3, 5), pages(memory, 60, 61));
      assertThat(pagemap.populated(memory, memory + bytes, 1))
          .containsExactly(pages(memory, 3, 64));
      ByteBuffer read = ByteBuffer.allocateDirect(2 * PAGE);
      new ProcessReader(self).read(memory + 3 * PAGE, read);
      assertThat(read.order(ByteOrder.nativeOrder()).getLong(PAGE)).isEqualTo(8);
    } finally {
      LibC.munmap(memory, bytes);
    }
  }

  @Test
  void readingAcrossWhatIsNotMapped_tellsTheFirstPageThatIsNot() throws Exception {
    int flags = LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS;
    long memory = LibC.mmap(0, 4 * PAGE, LibC.PROT_READ | LibC.PROT_WRITE, flags, -1, 0);
    try {
      LibC.munmap(memory + 2 * PAGE, PAGE);
      assertThatThrownBy(
              () -> new ProcessReader(self).read(memory, ByteBuffer.allocateDirect(4 * PAGE)))
          .isInstanceOfSatisfying(
              UnreadableMemoryException.class,
              e -> assertThat(e.address()).isEqualTo(memory + 2 * PAGE));
    } finally {
      LibC.munmap(memory, 4 * PAGE);
    }
  }

  @Test
  void softDirtyExperiment_findsWhatTheKernelWasBuiltWith() throws Exception {
    Path config = Path.of("/proc/config.gz");
    assumeTrue(Files.isReadable(config), "this kernel does not tell how it was built");
    try (InputStream text = new GZIPInputStream(Files.newInputStream(config))) {
      String options = new String(text.readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(SoftDirty.works()).isEqualTo(options.contains("CONFIG_MEM_SOFT_DIRTY=y"));
    }
  }

  private static Pages pages(long memory, int from, int to) {
    return new Pages(memory + (long) from * PAGE, memory + (long) to * PAGE);
  }

  private MappedArea areaAt(long address) throws IOException {
    List<MappedArea> found = new ArrayList<>(ProcessMaps.of(self));
    found.removeIf(area -> address < area.start() || area.end() <= address);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static long address(ByteBuffer direct) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
  }
}
