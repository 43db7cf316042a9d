package io.ramtide.acquirer.live.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.GuestGoneException;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.live.MethodUnavailableException;
import io.ramtide.acquirer.live.QemuProcess;
import io.ramtide.acquirer.live.QemuProcess.Backing;
import io.ramtide.acquirer.live.choice.Capability;
import io.ramtide.acquirer.live.choice.Methods;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The two methods that read QEMU's memory on its own host, against a real QEMU. */
class HostMemoryIT {
  private static final int FRAME = MemorySource.FRAME_BYTES;
  private static final boolean ADMIN = System.getProperty("user.name").equals("root");

  /** RAM of a small guest, and the address of a page in it that nothing else uses. */
  private static final int MIB = 16;

  private static final int MARK = (MIB << 20) - FRAME;
  private static final long GIB = 1L << 30;
  private static final MethodOptions OPTIONS =
      new MethodOptions(Path.of("/nonexistent"), MethodOptions.DEFAULT_MAX_PAUSE);

  @TempDir Path folder;

  @BeforeAll
  static void requireQemu() {
    assumeTrue(Files.isExecutable(Path.of(QemuProcess.PROGRAM)), "there is no QEMU on this host");
  }

  private QemuProcess start(String machine, Backing backing, int mib) throws IOException {
    return QemuProcess.start(folder, machine, backing, mib, 1);
  }

  private static CaptureMethod method(QemuProcess guest, Method method) throws IOException {
    return Methods.choose(guest, Optional.of(method), OPTIONS);
  }

  @ParameterizedTest
  @CsvSource({
    "PROCESS, pc, ANONYMOUS",
    "PROCESS, q35, MEMFD",
    "PROCESS, pc, PRIVATE_FILE",
    "SHARED_MEMORY, q35, MEMFD",
    "SHARED_MEMORY, pc, FILE"
  })
  void standingGuest_isReadToTheByte(Method name, String machine, Backing backing)
      throws Exception {
    try (QemuProcess guest = start(machine, backing, MIB);
        CaptureMethod method = method(guest, name)) {
      guest.write(MARK, page(7));
      guest.stop();
      byte[] image = image(method);
      assertThat(Arrays.copyOfRange(image, MARK, MARK + FRAME)).isEqualTo(page(7));
      assertVisible(guest, image);
    }
  }

  @Test
  void sharedMemoryWithoutADescriptor_isFoundByItsMapping() throws Exception {
    assumeTrue(ADMIN, "/proc/PID/map_files takes CAP_CHECKPOINT_RESTORE");
    try (QemuProcess guest = start("pc", Backing.UNNAMED, MIB);
        CaptureMethod method = method(guest, Method.SHARED_MEMORY)) {
      guest.stop();
      assertVisible(guest, image(method));
    }
  }

  @ParameterizedTest
  @CsvSource({"PROCESS, HUGE_PRIVATE", "SHARED_MEMORY, HUGE_MEMFD"})
  void hugePages_areReadToTheByte_andNoneIsTaken(Method name, Backing backing) throws Exception {
    assumeTrue(freeHugePages() >= MIB / 2, "no free huge pages: vm.nr_hugepages");
    try (QemuProcess guest = start("pc", backing, MIB);
        CaptureMethod method = method(guest, name)) {
      guest.stop();
      long free = freeHugePages();
      byte[] image = image(method);
      assertThat(freeHugePages()).isEqualTo(free);
      assertVisible(guest, image);
    }
  }

  private static long freeHugePages() throws IOException {
    return Files.readAllLines(Path.of("/proc/meminfo")).stream()
        .filter(line -> line.startsWith("HugePages_Free:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }

  /** All of the RAM, read twice in two ways. */
  private static byte[] image(CaptureMethod method) throws IOException {
    byte[] image = new byte[MIB << 20];
    try (MemorySource source = method.open()) {
      assertThat(source.ram()).containsExactly(new MemoryRange(0, image.length));
      assertThat(source.unreadable()).isEmpty();
      assertThat(source.description().method()).isEqualTo(method.method().text());
      for (MemoryRange range : source.data()) {
        ByteBuffer target = ByteBuffer.wrap(image, (int) range.gpa(), (int) range.length());
        source.read(range.gpa(), target.duplicate());
        ByteBuffer view = source.view(range.gpa(), (int) range.length());
        assertThat(view.mismatch(target)).isEqualTo(-1);
        assertThat(view.isReadOnly()).isTrue();
      }
      source.finish();
    }
    return image;
  }

  /** Compares with what the processor sees; between 640 KiB and 1 MiB that is not all RAM. */
  private static void assertVisible(QemuProcess guest, byte[] image) throws IOException {
    for (int[] part : new int[][] {{0, 0xa0000}, {0x100000, image.length}}) {
      byte[] truth = guest.truth(part[0], part[1] - part[0]);
      assertThat(Arrays.mismatch(image, part[0], part[1], truth, 0, truth.length)).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PROCESS, q35, ANONYMOUS",
    "PROCESS, pc, MEMFD",
    "SHARED_MEMORY, pc, MEMFD",
    "SHARED_MEMORY, q35, FILE"
  })
  void sparseGuest_isReadAboveFourGib_andStaysSparse(Method name, String machine, Backing backing)
      throws Exception {
    try (QemuProcess guest = start(machine, backing, 5 << 10);
        CaptureMethod method = method(guest, name)) {
      long[] written = {GIB, 4 * GIB, 4 * GIB + (512 << 20)};
      for (long gpa : written) {
        guest.write(gpa, page(gpa / FRAME));
      }
      guest.stop();
      long bytes = readAll(method);
      assertThat(bytes).isLessThan(64 << 20);
      long resident = guest.status("VmRSS");
      for (int capture = 0; capture < 3; capture++) {
        assertThat(readAll(method)).isEqualTo(bytes);
      }
      assertThat(guest.status("VmRSS")).isLessThan(resident + (1 << 10));
      try (MemorySource source = method.open()) {
        assertThat(source.ram()).hasSize(2);
        for (long gpa : written) {
          byte[] read = new byte[FRAME];
          source.read(gpa, ByteBuffer.wrap(read));
          assertThat(read).isEqualTo(page(gpa / FRAME)).isEqualTo(guest.truth(gpa, FRAME));
        }
      }
    }
  }

  private static long readAll(CaptureMethod method) throws IOException {
    long bytes = 0;
    try (MemorySource source = method.open()) {
      for (MemoryRange range : source.data()) {
        source.view(range.gpa(), (int) range.length()).get(new byte[(int) range.length()]);
        bytes += range.length();
      }
      source.finish();
    }
    return bytes;
  }

  @ParameterizedTest
  @CsvSource({"PROCESS, ANONYMOUS", "SHARED_MEMORY, MEMFD"})
  void writingGuest_isReadAsItGoesOn(Method name, Backing backing) throws Exception {
    try (QemuProcess guest = start("pc", backing, MIB);
        CaptureMethod method = method(guest, name)) {
      long before = guest.counter();
      for (int capture = 0; capture < 3; capture++) {
        try (MemorySource source = method.open()) {
          byte[] image = new byte[MIB << 20];
          for (MemoryRange range : source.data()) {
            source.read(
                range.gpa(), ByteBuffer.wrap(image, (int) range.gpa(), (int) range.length()));
          }
          long copied =
              ByteBuffer.wrap(image)
                      .order(ByteOrder.LITTLE_ENDIAN)
                      .getInt((int) QemuProcess.COUNTER)
                  & 0xffffffffL;
          long after = guest.counter();
          assertThat(copied).isBetween(before, after);
          before = after;
          Arrays.fill(image, (int) QemuProcess.COUNTER, (int) QemuProcess.COUNTER + 4, (byte) 0);
          Arrays.fill(
              image,
              (int) QemuProcess.COUNTER + FRAME,
              (int) QemuProcess.COUNTER + FRAME + 4,
              (byte) 0);
          byte[] truth = guest.truth(0x100000, image.length - 0x100000);
          assertThat(Arrays.mismatch(image, 0x100000, image.length, truth, 0, truth.length))
              .isEqualTo(-1);
          source.finish();
        }
      }
    }
  }

  @Test
  void numaNodesAndDimms_areFilesOfTheirOwn() throws Exception {
    try (QemuProcess guest = QemuProcess.start(folder, "pc", Backing.MEMFD, 64, 2);
        CaptureMethod shared = method(guest, Method.SHARED_MEMORY);
        CaptureMethod process = method(guest, Method.PROCESS)) {
      MemorySource before = shared.open();
      guest.plugDimm(Backing.MEMFD, 128);
      assertThatThrownBy(before::finish).hasMessageContaining("layout changed");
      before.close();
      long dimm = guest.layout().regions().get(guest.layout().regions().size() - 1).range().gpa();
      guest.write(dimm + 5 * FRAME, page(5));
      guest.write(48 << 20, page(48));
      for (CaptureMethod method : new CaptureMethod[] {shared, process}) {
        try (MemorySource source = method.open()) {
          assertThat(source.ram().get(source.ram().size() - 1))
              .isEqualTo(new MemoryRange(dimm, 128 << 20));
          for (long gpa : new long[] {dimm + 5 * FRAME, 48 << 20}) {
            byte[] read = new byte[FRAME];
            source.read(gpa, ByteBuffer.wrap(read));
            assertThat(read).isEqualTo(guest.truth(gpa, FRAME));
          }
          source.finish();
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"ANONYMOUS, anonymous", "PRIVATE_FILE, share=off"})
  void privateMemory_isNotShared_andTheReasonSaysWhatToUse(Backing backing, String why)
      throws Exception {
    try (QemuProcess guest = start("pc", backing, MIB)) {
      assertThatThrownBy(() -> method(guest, Method.SHARED_MEMORY))
          .isInstanceOf(MethodUnavailableException.class)
          .hasMessageContaining(why)
          .hasMessageContaining("use the method process");
      try (CaptureMethod chosen = Methods.choose(guest, Optional.empty(), OPTIONS)) {
        assertThat(chosen.method()).isEqualTo(Method.PROCESS);
      }
    }
  }

  private static Capability of(Method method, List<Capability> capabilities) {
    return capabilities.stream().filter(each -> each.method() == method).findFirst().orElseThrow();
  }

  @Test
  void probe_tellsOfEveryMethod_whetherItCanBeUsed() throws Exception {
    try (QemuProcess guest = start("pc", Backing.ANONYMOUS, MIB)) {
      List<Capability> capabilities = Methods.probe(guest, OPTIONS);
      assertThat(capabilities).extracting(Capability::method).containsExactly(Method.values());
      assertThat(of(Method.PROCESS, capabilities).available()).isTrue();
      assertThat(of(Method.SHARED_MEMORY, capabilities).obstacle())
          .get()
          .asString()
          .contains("private memory of the QEMU process (anonymous)");
    }
  }

  @Test
  void fileThatIsCut_failsTheCapture_andNotTheProgram() throws Exception {
    try (QemuProcess guest = start("pc", Backing.FILE, MIB);
        CaptureMethod method = method(guest, Method.SHARED_MEMORY)) {
      guest.write(MARK, page(9));
      guest.stop();
      try (MemorySource source = method.open()) {
        ByteBuffer view = source.view(MARK, FRAME);
        assertThat(source.viewsFollow()).isFalse();
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve("ram0").toFile(), "rw")) {
          file.setLength(MARK);
        }
        assertThat(view.mismatch(ByteBuffer.wrap(page(9)))).isEqualTo(-1);
        assertThatThrownBy(() -> source.read(MARK, ByteBuffer.allocate(FRAME)))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("was cut to " + MARK + " bytes");
        assertThatThrownBy(() -> source.view(MARK, FRAME))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("was cut to " + MARK + " bytes");
      }
      assertThatThrownBy(method::open).hasMessageContaining("was cut");
    }
  }

  @Test
  void viewOfSealedMemory_followsTheGuest_andOutlivesItsMapping() throws Exception {
    try (QemuProcess guest = start("pc", Backing.MEMFD, MIB)) {
      guest.stop();
      ByteBuffer view;
      try (CaptureMethod method = method(guest, Method.SHARED_MEMORY);
          MemorySource source = method.open()) {
        guest.write(MARK, page(2));
        view = source.view(MARK, FRAME);
        assertThat(source.viewsFollow()).isTrue();
        guest.write(MARK, page(3));
        assertThat(view.mismatch(ByteBuffer.wrap(page(3)))).isEqualTo(-1);
      }
      assertThat(view.mismatch(ByteBuffer.allocate(FRAME))).isEqualTo(-1);
    }
  }

  @Test
  void pagesThatCannotBeRead_failOneCapture_andAreToldByTheNext() throws Exception {
    try (QemuProcess guest = start("pc", Backing.PRIVATE_FILE, MIB);
        CaptureMethod method = method(guest, Method.PROCESS)) {
      guest.stop();
      long lost = 0x800000;
      guest.write(lost - FRAME, page(1));
      Path ram = folder.resolve("ram0");
      Files.write(ram, new byte[MIB << 20]);
      try (MemorySource source = method.open()) {
        try (RandomAccessFile file = new RandomAccessFile(ram.toFile(), "rw")) {
          file.setLength(lost);
        }
        assertThatThrownBy(() -> source.read(lost - FRAME, ByteBuffer.allocate(4 * FRAME)))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("frames from GPA 0x800000 on cannot be read");
      }
      try (MemorySource source = method.open()) {
        assertThat(source.unreadable()).isNotEmpty();
        assertThat(source.unreadable().get(0).gpa()).isEqualTo(lost);
        assertThat(source.data()).noneMatch(range -> range.end() > lost && range.gpa() <= lost);
        assertThat(source.description().warnings()).anyMatch(text -> text.contains("0x800000"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"PROCESS, ANONYMOUS", "SHARED_MEMORY, MEMFD"})
  void guestThatEnds_isGone(Method name, Backing backing) throws Exception {
    QemuProcess guest = start("pc", backing, MIB);
    try (guest;
        CaptureMethod method = method(guest, name);
        MemorySource source = method.open()) {
      guest.close();
      assertThatThrownBy(source::finish).isInstanceOf(GuestGoneException.class);
      if (name == Method.PROCESS) {
        assertThatThrownBy(() -> source.read(0, ByteBuffer.allocate(FRAME)))
            .isInstanceOf(GuestGoneException.class);
      }
      assertThatThrownBy(method::open).isInstanceOf(GuestGoneException.class);
    }
  }

  private static byte[] page(long seed) {
    byte[] page = new byte[FRAME];
    new Random(seed).nextBytes(page);
    return page;
  }
}
