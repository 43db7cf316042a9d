package io.ramtide.acquirer.live.moment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.live.QemuProcess;
import io.ramtide.acquirer.live.QemuProcess.Backing;
import io.ramtide.acquirer.live.choice.Methods;
import io.ramtide.acquirer.qemu.MonitorException;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.Consistency;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reading a real guest that stands still, and that it runs on whatever happens. */
class PausedIT {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;
  private MethodOptions options;

  @BeforeEach
  void requireQemu() throws Exception {
    assumeTrue(Files.isExecutable(Path.of(QemuProcess.PROGRAM)), "there is no QEMU on this host");
    options = new MethodOptions(Files.createDirectory(folder.resolve("m")), Duration.ofMinutes(5));
  }

  private QemuProcess start() throws IOException {
    return QemuProcess.start(folder, "pc", Backing.MEMFD, 32, 1);
  }

  private CaptureMethod method(LiveGuest guest) throws IOException {
    return Methods.choose(guest, Optional.of(Method.PAUSED), options);
  }

  @ParameterizedTest
  @EnumSource(names = {"ANONYMOUS", "MEMFD"})
  void runningGuest_isOneMomentAndRunsOn(Backing backing) throws Exception {
    try (QemuProcess guest = QemuProcess.start(folder, "q35", backing, 32, 1);
        CaptureMethod method = method(guest)) {
      for (int capture = 0; capture < 2; capture++) {
        try (MemorySource source = method.open()) {
          assertThat(guest.isPaused()).isTrue();
          assertThat(source.description().consistency()).isEqualTo(Consistency.POINT_IN_TIME);
          assertThat(source.description().method()).isEqualTo("paused");
          assertThat(Moment.oneMoment(source)).isEqualTo(guest.counter());
          Moment.equal(source, guest, 0, 32 * MIB);
          source.finish();
          assertThat(source.pausedMicros().orElseThrow()).isPositive();
          assertRuns(guest);
        }
      }
      assertNothingLeft();
    }
  }

  @Test
  void pausedGuest_isReadAndStaysPaused() throws Exception {
    try (QemuProcess guest = start();
        CaptureMethod method = method(guest)) {
      guest.stop();
      try (MemorySource source = method.open()) {
        Moment.equal(source, guest, 0, 32 * MIB);
        assertThat(source.description().warnings()).anyMatch(text -> text.contains("stays so"));
        source.finish();
        assertThat(source.pausedMicros()).hasValue(0);
      }
      assertThat(guest.isPaused()).isTrue();
    }
  }

  @Test
  void captureThatIsGivenUp_letsTheGuestRunOn() throws Exception {
    try (QemuProcess guest = start();
        CaptureMethod method = method(guest)) {
      method.open().close();
      assertRuns(guest);
      assertNothingLeft();
    }
  }

  @Test
  void readingTooLong_resumesTheGuest_andIsNoCapture() throws Exception {
    options = new MethodOptions(options.folder(), Duration.ofMillis(50));
    try (QemuProcess guest = start();
        CaptureMethod method = method(guest);
        MemorySource source = method.open()) {
      awaitRunning(guest);
      assertThatThrownBy(() -> source.read(0, ByteBuffer.allocate(4096)))
          .hasMessageContaining("longer than 50 ms, the longest pause allowed");
      assertThatThrownBy(source::finish).hasMessageContaining("given up");
      assertRuns(guest);
      assertNothingLeft();
    }
  }

  @Test
  void someoneElseResumes_isNoCapture() throws Exception {
    try (QemuProcess guest = start();
        CaptureMethod method = method(guest);
        MemorySource source = method.open()) {
      guest.resume();
      assertThatThrownBy(source::finish).hasMessageContaining("someone resumed it");
      assertRuns(guest);
    }
  }

  @Test
  void readerFails_guestRunsOn() throws Exception {
    try (QemuProcess guest = start()) {
      boolean[] fails = new boolean[1];
      LiveGuest meddled =
          Meddler.with(
              guest,
              call -> {
                fails[0] |= call.equals("suspend");
                if (fails[0] && call.equals("layout")) {
                  throw new IOException("no layout");
                }
                return null;
              });
      try (CaptureMethod method = method(meddled)) {
        assertThatThrownBy(method::open).hasMessageContaining("no layout");
      }
      assertThat(fails[0]).isTrue();
      assertRuns(guest);
      assertNothingLeft();
    }
  }

  @Test
  void resumingFails_isTriedAgainUntilItWorks() throws Exception {
    try (QemuProcess guest = start()) {
      int[] failures = {2};
      LiveGuest meddled =
          Meddler.with(
              guest,
              call -> {
                if (call.equals("resume") && failures[0]-- > 0) {
                  throw new IOException("no connection");
                }
                return null;
              });
      try (CaptureMethod method = method(meddled);
          MemorySource source = method.open()) {
        assertThatThrownBy(source::finish).hasMessageContaining("no connection");
        awaitRunning(guest);
      }
      assertRuns(guest);
    }
  }

  /** A hung libvirtd or QEMU's main loop does what it was asked long after it was given up. */
  @Test
  void suspendingThatIsNotAnsweredAndComesLater_isUndone() throws Exception {
    try (QemuProcess guest = start()) {
      long late = PauseRepair.PAUSING_NANOS * 5 / 4;
      boolean[] asked = new boolean[1];
      boolean[] done = new boolean[1];
      LiveGuest meddled =
          Meddler.with(
              guest,
              call -> {
                if (call.equals("suspend")) {
                  asked[0] = true;
                  throw new IOException("libvirt has not answered");
                }
                if (!asked[0] && call.equals("query-cpus-fast")) {
                  return JsonNodeFactory.instance.arrayNode(); // As if it had not run before.
                }
                if (asked[0] && !done[0] && call.equals("query-status")) {
                  if (RunState.processorNanos(guest, guest) < late) {
                    throw new MonitorException("libvirt has not answered an earlier call", null);
                  }
                  done[0] = true;
                  guest.suspend();
                }
                return null;
              });
      try (CaptureMethod method = method(meddled)) {
        assertThatThrownBy(method::open).hasMessageContaining("has not answered");
      }
      awaitNothingLeft();
      assertThat(done[0]).isTrue();
      assertRuns(guest);
      assertNothingLeft();
    }
  }

  @Test
  void connectionIsLost_nextOneRepairs() throws Exception {
    try (QemuProcess guest = start()) {
      boolean[] lost = new boolean[1];
      LiveGuest meddled =
          Meddler.with(
              guest,
              call -> {
                if (lost[0] && !call.equals("name")) {
                  throw new IOException("no connection");
                }
                return null;
              });
      CaptureMethod method = method(meddled);
      MemorySource source = method.open();
      assertThat(Paused.repair(guest, options)).as("held by a capture that lives").isEmpty();
      assertThat(guest.isPaused()).isTrue();
      lost[0] = true;
      assertThatThrownBy(source::close).hasMessageContaining("no connection");
      assertThat(guest.isPaused()).isTrue();

      assertThat(Paused.repair(guest, options)).get().asString().contains("runs on");
      assertRuns(guest);
      assertNothingLeft();
    }
  }

  @Test
  void operatorPausedItSince_staysPaused() throws Exception {
    try (QemuProcess guest = start()) {
      leaveNote(guest, guest);
      guest.suspend();
      guest.resume();
      long ran = RunState.processorNanos(guest, guest);
      while (RunState.processorNanos(guest, guest) < ran + 3 * PauseRepair.PAUSING_NANOS / 2) {
        assertThat(guest.isPaused()).isFalse();
      }
      guest.suspend();

      assertThat(Paused.repair(guest, options)).get().asString().contains("someone else paused");
      assertThat(guest.isPaused()).isTrue();
      assertNothingLeft();
    }
  }

  @Test
  void killedBetweenNoteAndPause_isRepaired() throws Exception {
    try (QemuProcess guest = start()) {
      leaveNote(guest, guest);
      guest.suspend();
      assertThat(Paused.repair(guest, options)).isPresent();
      assertRuns(guest);

      leaveNote(guest, guest);
      assertThat(Paused.repair(guest, options)).as("it was never paused").isEmpty();
      assertNothingLeft();
    }
  }

  @Test
  void noteOfAnotherRun_changesNothing() throws Exception {
    try (QemuProcess guest = start()) {
      leaveNote(guest, Meddler.with(guest, call -> call.equals("run") ? "another" : null));
      guest.suspend();
      assertThat(Paused.repair(guest, options)).isEmpty();
      assertThat(guest.isPaused()).isTrue();
      assertNothingLeft();
    }
  }

  @Test
  void guestDiesWhilePaused_isTold() throws Exception {
    try (QemuProcess guest = start();
        CaptureMethod method = method(guest);
        MemorySource source = method.open()) {
      BackgroundSnapshotIT.kill(guest);
      assertThatThrownBy(source::finish).isInstanceOf(IOException.class);
    }
  }

  /** As a process that is killed leaves it: the note is there, and nobody holds it. */
  private void leaveNote(QemuProcess guest, LiveGuest noted) throws IOException {
    long ran = RunState.processorNanos(guest, guest);
    GuestNote.write(
            noted, options.folder(), PauseRepair.NOTE, GuestNote.fields().put("ranNanos", ran))
        .close();
  }

  private static void awaitRunning(QemuProcess guest) throws IOException {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (guest.isPaused()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static void assertRuns(QemuProcess guest) throws IOException {
    assertThat(guest.isPaused()).isFalse();
    long before = guest.counter();
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (guest.counter() == before) {
      assertThat(System.nanoTime()).isLessThan(deadline);
    }
  }

  private void awaitNothingLeft() throws IOException {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    boolean left = true;
    while (left) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      try (Stream<Path> files = Files.list(options.folder())) {
        left = files.findAny().isPresent();
      }
    }
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> left = Files.list(options.folder())) {
      assertThat(left).isEmpty();
    }
  }
}
