package io.ramtide.acquirer.live.moment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.live.QemuProcess;
import io.ramtide.acquirer.live.QemuProcess.Backing;
import io.ramtide.acquirer.live.choice.Methods;
import io.ramtide.acquirer.qemu.GuestLayout;
import io.ramtide.acquirer.qemu.RamRegion;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.Consistency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** QEMU's live snapshot, of a real QEMU. */
class BackgroundSnapshotIT {
  private static final int MIB = 1 << 20;
  private static final long GIB = 1L << 30;

  @TempDir Path folder;
  private MethodOptions options;

  @BeforeEach
  void requireQemu() throws Exception {
    assumeTrue(Files.isExecutable(Path.of(QemuProcess.PROGRAM)), "there is no QEMU on this host");
    boolean root = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    Path setting = Path.of("/proc/sys/vm/unprivileged_userfaultfd");
    assumeTrue(
        root || (Files.exists(setting) && Files.readString(setting).startsWith("1")),
        "userfaultfd takes root or vm.unprivileged_userfaultfd=1");
    options =
        new MethodOptions(
            Files.createDirectory(folder.resolve("m")), MethodOptions.DEFAULT_MAX_PAUSE);
  }

  @ParameterizedTest
  @CsvSource({"pc, ANONYMOUS, 1", "q35, MEMFD, 1", "pc, ANONYMOUS, 2"})
  void runningGuest_isCapturedAsOfOneMoment(String machine, Backing backing, int nodes)
      throws Exception {
    try (QemuProcess guest = QemuProcess.start(folder, machine, backing, 64, nodes)) {
      if (nodes == 1) {
        guest.plugDimm(backing, 128);
        guest.write(4 * GIB + 5 * MIB, page(9));
      }
      guest.write(40 * MIB, page(7));
      JsonNode before = guest.execute("query-migrate-parameters", Map.of());
      long from = Moment.awaitProgram(guest);
      try (CaptureMethod method = method(guest);
          MemorySource source = method.open()) {
        assertThat(Moment.oneMoment(source)).isBetween(from, guest.counter());
        assertThat(source.description().consistency()).isEqualTo(Consistency.POINT_IN_TIME);
        assertThat(source.unreadable()).isEmpty();
        assertThat(source.pausedMicros()).isPresent();
        Moment.equal(source, guest, 0, 64 * MIB);
        if (nodes == 1) {
          Moment.equal(source, guest, 4 * GIB, 128 * MIB);
          assertThat(Moment.read(source, 4 * GIB + 5 * MIB, 4096)).isEqualTo(page(9));
        }
        source.finish();
      }
      assertThat(guest.execute("query-migrate-parameters", Map.of())).isEqualTo(before);
      assertUntouched(guest);
    }
  }

  @Test
  void sharedFile_isRefusedInQemusWords() throws Exception {
    try (QemuProcess guest = QemuProcess.start(folder, "pc", Backing.FILE, 32, 1)) {
      assertThat(Methods.probe(guest, options))
          .filteredOn(capability -> capability.method() == Method.BACKGROUND_SNAPSHOT)
          .singleElement()
          .satisfies(
              capability ->
                  assertThat(capability.obstacle().orElse(""))
                      .contains("not compatible with guest memory")
                      .contains("anonymous, a memfd or in /dev/shm"));
      assertUntouched(guest);
    }
  }

  @Test
  void pausedGuest_isRefused_becauseItWouldRunAfterwards() throws Exception {
    try (QemuProcess guest = QemuProcess.start(folder, "pc", Backing.ANONYMOUS, 32, 1);
        CaptureMethod method = method(guest)) {
      guest.stop();
      assertThatThrownBy(method::open).hasMessageContaining("is paused, and QEMU would let it run");
      assertThat(guest.isPaused()).isTrue();
    }
  }

  @Test
  void readingFails_guestRunsOnAsBefore() throws Exception {
    try (QemuProcess guest = QemuProcess.start(folder, "pc", Backing.ANONYMOUS, 64, 1)) {
      Moment.awaitProgram(guest);
      RamRegion more =
          new RamRegion(new MemoryRange(0, 128 * MIB), "ram0", 0, OptionalLong.empty());
      int[] layouts = new int[1];
      LiveGuest meddled =
          Meddler.with(
              guest,
              call ->
                  call.equals("layout") && layouts[0]++ == 0
                      ? new GuestLayout(List.of(more))
                      : null);
      try (CaptureMethod method = method(meddled)) {
        assertThatThrownBy(method::open).hasMessageContaining("the layout has changed");
        assertUntouched(guest);
        try (MemorySource again = method.open()) {
          Moment.oneMoment(again);
        }
      }
      assertUntouched(guest);
    }
  }

  @Test
  void fullDisk_isTold_andGuestRunsOn() throws Exception {
    Path small = Files.createDirectory(folder.resolve("s"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString()),
        "a small file system cannot be mounted here");
    MethodOptions little = new MethodOptions(small, MethodOptions.DEFAULT_MAX_PAUSE);
    try (QemuProcess guest = QemuProcess.start(folder, "pc", Backing.ANONYMOUS, 64, 1)) {
      Moment.awaitProgram(guest);
      for (int mib = 8; mib < 16; mib++) {
        byte[] filled = new byte[MIB];
        Arrays.fill(filled, (byte) mib);
        guest.write((long) mib * MIB, filled);
      }
      try (CaptureMethod method =
          Methods.choose(guest, Optional.of(Method.BACKGROUND_SNAPSHOT), little)) {
        assertThatThrownBy(method::open)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("No space left");
      }
      assertUntouched(guest);
      try (Stream<Path> left = Files.list(small)) {
        assertThat(left).isEmpty();
      }
    } finally {
      assertThat(run("umount", small.toString())).isTrue();
    }
  }

  @Test
  void guestDiesInTheMiddle_nothingIsLeft() throws Exception {
    try (QemuProcess guest = QemuProcess.start(folder, "pc", Backing.ANONYMOUS, 64, 1)) {
      Moment.awaitProgram(guest);
      int[] asked = new int[1];
      LiveGuest meddled =
          Meddler.with(
              guest,
              call -> {
                if (call.equals("query-migrate") && asked[0]++ == 2) {
                  kill(guest);
                }
                return null;
              });
      try (CaptureMethod method = method(meddled)) {
        assertThatThrownBy(method::open).isInstanceOf(IOException.class);
      }
    }
  }

  static void kill(QemuProcess guest) {
    ProcessHandle process = ProcessHandle.of(guest.pid()).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();
  }

  private CaptureMethod method(LiveGuest guest) throws IOException {
    return Methods.choose(guest, Optional.of(Method.BACKGROUND_SNAPSHOT), options);
  }

  private void assertUntouched(QemuProcess guest) throws IOException {
    assertThat(guest.isPaused()).isFalse();
    Moment.awaitProgram(guest);
    assertThat(RunState.isBusy(guest.execute("query-migrate", Map.of()))).isFalse();
    assertThat(guest.execute("query-migrate-capabilities", Map.of()))
        .noneMatch(capability -> capability.get("state").booleanValue());
    try (Stream<Path> left = Files.list(options.folder())) {
      assertThat(left).isEmpty();
    }
  }

  private static boolean run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  private static byte[] page(int fill) {
    byte[] page = new byte[4096];
    Arrays.fill(page, (byte) fill);
    return page;
  }
}
