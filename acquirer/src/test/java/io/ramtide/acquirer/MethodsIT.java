package io.ramtide.acquirer;

import static io.ramtide.acquirer.Fixture.FRAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ramtide.acquirer.libvirt.Hypervisor;
import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.live.MethodUnavailableException;
import io.ramtide.acquirer.live.choice.Methods;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.acquirer.source.Ranges;
import io.ramtide.schemas.Chunk;
import io.ramtide.schemas.FrameRun;
import io.ramtide.schemas.FrameState;
import io.ramtide.testkit.lab.Backing;
import io.ramtide.testkit.lab.GuestProgram;
import io.ramtide.testkit.lab.Lab;
import io.ramtide.testkit.lab.LabGuest;
import io.ramtide.testkit.ram.RamRange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every method against real guests: what it reads, and what becomes of that in a capture. */
class MethodsIT {
  private static final int MIB = 1 << 20;
  private static final long FOUR_GIB = 1L << 32;

  private static Lab lab;
  private static Hypervisor hypervisor;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Lab.whyNot().isEmpty(), () -> Lab.whyNot().orElse(""));
    lab = Lab.start();
    hypervisor = Hypervisor.connect(lab.uri());
  }

  @AfterAll
  static void end() {
    if (hypervisor != null) {
      hypervisor.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void memfdOfAPc_withADimmAbove4Gib() throws Exception {
    try (LabGuest guest = lab.guest("moment-memfd").hotplugSlots(1).start()) {
      guest.plugDimm(128);
      mark(guest, FOUR_GIB);
      assertThat(read(guest, Map.of())).isEqualTo(EnumSet.allOf(Method.class));
    }
  }

  @Test
  void fileOfAQ35_withADimmAbove4Gib() throws Exception {
    try (LabGuest guest =
        lab.guest("moment-file").machine("q35").backing(Backing.FILE).hotplugSlots(1).start()) {
      guest.plugDimm(128);
      mark(guest, FOUR_GIB);
      Method no = Method.BACKGROUND_SNAPSHOT;
      assertThat(read(guest, Map.of(no, "anonymous, a memfd or in /dev/shm")))
          .isEqualTo(EnumSet.complementOf(EnumSet.of(no)));
    }
  }

  @Test
  void anonymousMemoryOfAQ35_partedAtTheHole() throws Exception {
    try (LabGuest guest =
        lab.guest("moment-parted")
            .machine("q35")
            .memoryMib(3 << 10)
            .backing(Backing.ANONYMOUS)
            .start()) {
      mark(guest, FOUR_GIB);
      guest.hold();
      Method no = Method.SHARED_MEMORY;
      refused(guest, no, "use the method process");
      // A dump would write all 3 GiB to disk.
      for (Method method : EnumSet.complementOf(EnumSet.of(no, Method.DUMP))) {
        try (CaptureMethod made = choose(guest, method);
            MemorySource source = made.open()) {
          assertThat(source.ram())
              .containsExactly(new MemoryRange(0, 2L << 30), new MemoryRange(FOUR_GIB, 1L << 30));
          for (long gpa :
              new long[] {MIB, 32 * MIB, (2L << 30) - MIB, FOUR_GIB, FOUR_GIB + (1L << 30) - MIB}) {
            assertThat(direct(source, gpa, MIB))
                .as("%s at 0x%x", method, gpa)
                .isEqualTo(guest.ram().read(gpa, MIB));
          }
          source.finish();
        }
      }
    }
  }

  /** Random bytes below 4 GiB, where the firmware has left nothing, and at both ends of a part. */
  private static void mark(LabGuest guest, long start) throws Exception {
    RamRange part =
        guest.ram().ranges().stream().filter(range -> range.start() == start).findFirst().get();
    for (long gpa : new long[] {32 * MIB, start, part.end() - MIB}) {
      byte[] bytes = new byte[MIB];
      new java.util.Random(gpa).nextBytes(bytes);
      guest.ram().write(gpa, bytes);
    }
  }

  /** Reads a guest by every method, standing still and writing; gives those that worked. */
  private static Set<Method> read(LabGuest guest, Map<Method, String> refusals) throws Exception {
    Set<Method> worked = EnumSet.noneOf(Method.class);
    for (Method method : Method.values()) {
      if (refusals.containsKey(method)) {
        refused(guest, method, refusals.get(method));
        continue;
      }
      try (CaptureMethod made = choose(guest, method)) {
        guest.hold();
        try (MemorySource source = made.open()) {
          assertCapture(method, source, guest);
        }
        guest.run();
        long before = guest.counter();
        try (MemorySource source = made.open()) {
          assertBetween(method, source, before, guest);
          source.finish();
        }
      }
      worked.add(method);
    }
    return worked;
  }

  private static void refused(LabGuest guest, Method method, String why) {
    assertThatExceptionOfType(MethodUnavailableException.class)
        .isThrownBy(() -> choose(guest, method).close())
        .withMessageContaining(guest.name())
        .withMessageContaining(why);
  }

  private static CaptureMethod choose(LabGuest guest, Method method) throws Exception {
    LiveGuest live = hypervisor.find(guest.uuid()).orElseThrow();
    Path folder = Files.createTempDirectory(lab.folder(), "m");
    MethodOptions options = new MethodOptions(folder, MethodOptions.DEFAULT_MAX_PAUSE);
    return Methods.choose(live, Optional.of(method), options);
  }

  /** Captures, rebuilds RAM of the chunks as a reader would, and compares with what it holds. */
  private static void assertCapture(Method method, MemorySource source, LabGuest guest)
      throws Exception {
    List<MemoryRange> ram = source.ram();
    List<MemoryRange> known = known(guest);
    assertThat(Ranges.minus(known, ram)).as("%s", method).isEmpty();
    Fixture fixture = new Fixture(Files.createTempDirectory(lab.folder(), "k"), 64);
    Map<Long, ByteBuffer> rebuilt = rebuild(fixture.chunks(fixture.capture(source)));
    ByteBuffer zero = ByteBuffer.allocate(FRAME);
    for (MemoryRange range : known) {
      for (long gpa = range.gpa(); gpa < range.end(); gpa += MIB) {
        int bytes = (int) Math.min(MIB, range.end() - gpa);
        byte[] truth = guest.ram().read(gpa, bytes);
        for (int at = 0; at < bytes; at += FRAME) {
          ByteBuffer page = rebuilt.get((gpa + at) / FRAME);
          ByteBuffer shall = ByteBuffer.wrap(truth, at, FRAME);
          if (page == null || !page.equals(shall)) {
            throw new AssertionError(
                "%s: frame at 0x%x is %s"
                    .formatted(
                        method,
                        gpa + at,
                        page == null ? "unreadable" : page.equals(zero) ? "zero" : "different"));
          }
        }
      }
    }
  }

  private static Map<Long, ByteBuffer> rebuild(List<Chunk> chunks) {
    Map<Long, ByteBuffer> rebuilt = new HashMap<>();
    for (Chunk chunk : chunks) {
      ByteBuffer pages = chunk.getPages().duplicate();
      long frame = chunk.getFirstFrame();
      for (FrameRun run : chunk.getRuns()) {
        assertThat(run.getState()).isNotEqualTo(FrameState.UNCHANGED);
        for (int i = 0; i < run.getFrames(); i++, frame++) {
          if (run.getState() == FrameState.DATA) {
            rebuilt.put(frame, pages.slice(pages.position(), FRAME));
            pages.position(pages.position() + FRAME);
          } else if (run.getState() == FrameState.ZERO) {
            rebuilt.put(frame, ByteBuffer.allocate(FRAME));
          }
        }
      }
    }
    return rebuilt;
  }

  /** What the program writes is of the time of the capture, and all else is as it is. */
  private static void assertBetween(Method method, MemorySource source, long before, LabGuest guest)
      throws Exception {
    int length = (int) (GuestProgram.END - GuestProgram.CONTROL);
    ByteBuffer read =
        ByteBuffer.wrap(direct(source, GuestProgram.CONTROL, length))
            .order(ByteOrder.LITTLE_ENDIAN);
    long after = guest.counter();
    assertThat(read.getLong(0)).as("%s", method).isBetween(before, after);
    for (int page = 0; page < GuestProgram.RING_PAGES; page++) {
      int at = (int) (GuestProgram.RING - GuestProgram.CONTROL) + page * FRAME + 64;
      assertThat((long) read.getInt(at)).as("%s", method).isBetween(before - 1, after);
    }
    for (long gpa : new long[] {GuestProgram.END, 32 * MIB, FOUR_GIB}) {
      assertThat(Arrays.mismatch(direct(source, gpa, MIB), guest.ram().read(gpa, MIB)))
          .as("%s at 0x%x", method, gpa)
          .isEqualTo(-1);
    }
  }

  /** As the source itself gives it: what is no data is zero. */
  private static byte[] direct(MemorySource source, long gpa, int length) throws Exception {
    MemoryRange wanted = new MemoryRange(gpa, length);
    assertThat(Ranges.intersection(source.unreadable(), List.of(wanted))).isEmpty();
    byte[] bytes = new byte[length];
    for (MemoryRange data : source.data()) {
      for (MemoryRange both : Ranges.intersection(List.of(data), List.of(wanted))) {
        int at = (int) (both.gpa() - gpa);
        source.read(both.gpa(), ByteBuffer.wrap(bytes, at, (int) both.length()));
      }
    }
    return bytes;
  }

  private static List<MemoryRange> known(LabGuest guest) throws Exception {
    List<MemoryRange> known = new ArrayList<>();
    for (RamRange range : guest.ram().ranges()) {
      known.add(new MemoryRange(range.start(), range.length()));
    }
    return known;
  }
}
