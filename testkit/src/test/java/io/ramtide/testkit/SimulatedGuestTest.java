package io.ramtide.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramtide.testkit.ram.GuestRam;
import io.ramtide.testkit.windows.KernelPages;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedGuestTest {

  private static final long SHARED_USER_DATA = 0xfffff78000000000L;

  @Test
  void snapshot_sameSeedAndCalls_sameBytes() {
    GuestRam first = lived(SimulatedGuest.windows7(7).boot()).snapshot();
    GuestRam second = lived(SimulatedGuest.windows7(7).boot()).snapshot();

    assertSameBytes(first, second);
  }

  @Test
  void snapshot_otherSeed_otherPlacement() {
    GroundTruth first = SimulatedGuest.windows7(1).boot().truth();
    GroundTruth second = SimulatedGuest.windows7(2).boot().truth();

    assertThat(first.processes().get(3).objectGpa())
        .isNotEqualTo(second.processes().get(3).objectGpa());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void activeList_windows7_isTheTruth(long seed) {
    assertListIsTruth(
        lived(SimulatedGuest.windows7(seed).boot()), NaiveWalker.Offsets.WINDOWS_7, 0x290);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void activeList_windows10_isTheTruth(long seed) {
    assertListIsTruth(
        lived(SimulatedGuest.windows10(seed).boot()), NaiveWalker.Offsets.WINDOWS_10, 0x540);
  }

  @Test
  void activeList_kernelInSmallPages_isTheTruth() {
    SimulatedGuest guest = SimulatedGuest.windows10(4).kernelPages(KernelPages.SMALL).boot();

    assertListIsTruth(guest, NaiveWalker.Offsets.WINDOWS_10, 0x540);
  }

  @Test
  void activeList_olderKernels_isTheTruth() {
    for (SimulatedGuest.Builder older :
        List.of(SimulatedGuest.windows7Rtm(1), SimulatedGuest.windows7Mid(1))) {
      assertListIsTruth(lived(older.boot()), NaiveWalker.Offsets.WINDOWS_7, 0x290);
    }
  }

  @Test
  void boot_ordinaryWorkstation_hasItsProcesses() {
    for (SimulatedGuest guest :
        List.of(SimulatedGuest.windows7(1).boot(), SimulatedGuest.windows10(1).boot())) {
      assertThat(guest.truth().active())
          .hasSizeGreaterThanOrEqualTo(15)
          .extracting(ProcessTruth::imageName)
          .startsWith("System")
          .contains("smss.exe", "csrss.exe", "services.exe", "lsass.exe", "explorer.exe");
    }
  }

  @Test
  void everyObject_throughEveryProcessesOwnTables_isWhereTheTruthSays() {
    SimulatedGuest guest = SimulatedGuest.windows10(5).boot();
    GuestRam ram = guest.snapshot();

    for (ProcessTruth viewer : guest.truth().active()) {
      NaiveWalker walker = new NaiveWalker(ram, viewer.directoryTableBase());
      for (ProcessTruth process : guest.truth().processes()) {
        assertThat(walker.translate(process.objectVa())).isEqualTo(process.objectGpa());
      }
    }
  }

  @Test
  void crossingObjects_all_lieInFramesThatAreNoNeighbours() {
    for (SimulatedGuest.Builder builder :
        List.of(SimulatedGuest.windows7(3), SimulatedGuest.windows10(3))) {
      SimulatedGuest guest = builder.crossingObjects(1).boot();
      NaiveWalker walker = new NaiveWalker(guest.snapshot(), guest.truth().directoryTableBase());

      for (ProcessTruth process : guest.truth().processes()) {
        long nextPage = (process.objectVa() & -4096L) + 4096;
        assertThat(nextPage - process.objectVa()).isLessThan(0xa40);
        assertThat(walker.translate(nextPage)).isNotEqualTo((process.objectGpa() & -4096L) + 4096);
      }
    }
  }

  @Test
  void selfMap_everyRoot_refersToItself() {
    for (SimulatedGuest guest :
        List.of(SimulatedGuest.windows7(6).boot(), SimulatedGuest.windows10(6).boot())) {
      GroundTruth truth = guest.truth();
      NaiveWalker walker = new NaiveWalker(guest.snapshot(), truth.directoryTableBase());
      long self = truth.selfMapIndex();
      long va = 0xffff000000000000L | self << 39 | self << 30 | self << 21 | self << 12;

      assertThat(walker.translate(va)).isEqualTo(truth.directoryTableBase());
    }
    assertThat(SimulatedGuest.windows7(6).boot().truth().selfMapIndex()).isEqualTo(0x1ed);
  }

  @Test
  void kernelImage_atItsBase_hasHeaderAndPdbRecord() {
    SimulatedGuest guest = SimulatedGuest.windows7(1).boot();
    GroundTruth truth = guest.truth();
    NaiveWalker walker = new NaiveWalker(guest.snapshot(), truth.directoryTableBase());
    long base = truth.kernelBaseVa();
    int pe = (int) walker.u64(base + 0x3c);
    int debug = (int) walker.u64(base + pe + 24 + 112 + 6 * 8);
    int record = (int) (walker.u64(base + debug + 16) >>> 32);

    assertThat(walker.text(base, 2)).isEqualTo("MZ");
    assertThat(walker.text(base + pe, 2)).isEqualTo("PE");
    assertThat(walker.text(base + record, 4)).isEqualTo("RSDS");
    assertThat(walker.u64(base + record + 4)).isEqualTo(0x439C3576339E7413L);
    assertThat(walker.text(base + record + 24, 20)).isEqualTo("ntkrnlmp.pdb");
  }

  @Test
  void debuggerBlock_windows7_isPlain() {
    SimulatedGuest guest = SimulatedGuest.windows7(1).boot();
    GroundTruth truth = guest.truth();
    NaiveWalker walker = new NaiveWalker(guest.snapshot(), truth.directoryTableBase());
    long block = truth.kernelBaseVa() + 0x1e2130;

    assertThat(walker.text(block + 0x10, 4)).isEqualTo("KDBG");
    assertThat(walker.u64(block + 0x18)).isEqualTo(truth.kernelBaseVa());
    assertThat(walker.u64(block + 0x50)).isEqualTo(truth.kernelBaseVa() + 0x21b940);
  }

  @Test
  void debuggerBlock_windows10_isEncoded() {
    SimulatedGuest guest = SimulatedGuest.windows10(1).boot();
    GroundTruth truth = guest.truth();
    NaiveWalker walker = new NaiveWalker(guest.snapshot(), truth.directoryTableBase());
    long base = truth.kernelBaseVa();
    long stored = walker.u64(base + 0xc00b20 + 0x50);
    long never = walker.u64(base + 0xcfb808);
    long always = walker.u64(base + 0xcfba10);
    long rotated = Long.rotateLeft(stored ^ never, (int) never & 0xff);

    assertThat(Long.reverseBytes(rotated ^ (base + 0xc50b40)) ^ always).isEqualTo(base + 0xc1e060);
  }

  @Test
  void advance_aMinute_movesTheGuestsClock() {
    SimulatedGuest guest = SimulatedGuest.windows7(1).boot();
    long before = guest.truth().guestTime();

    guest.advance(Duration.ofMinutes(1));

    GroundTruth truth = guest.truth();
    NaiveWalker walker = new NaiveWalker(guest.snapshot(), truth.directoryTableBase());
    assertThat(truth.guestTime() - before).isEqualTo(600_000_000L);
    assertThat(walker.u64(SHARED_USER_DATA + 0x14)).isEqualTo(truth.guestTime());
  }

  @Test
  void exit_program_leavesTheListAndKeepsItsTimes() {
    SimulatedGuest guest = SimulatedGuest.windows7(1).boot();
    int pid = guest.start("notepad.exe", 4);
    guest.advance(Duration.ofSeconds(5));

    guest.exit(pid);

    ProcessTruth process = guest.truth().process(pid);
    assertThat(process.onActiveList()).isFalse();
    assertThat(process.hidden()).isFalse();
    assertThat(process.exitTime()).isEqualTo(guest.truth().guestTime());
    assertThatThrownBy(() -> guest.exit(pid)).hasMessage("process " + pid + " has exited");
  }

  @Test
  void free_manyPrograms_reusesTheOldestObjects() {
    SimulatedGuest guest = SimulatedGuest.windows7(1).boot();
    for (int i = 0; i < 300; i++) {
      int pid = guest.start("ping.exe", 4);
      guest.exit(pid);
      guest.free(pid);
    }

    assertThat(guest.truth().processes()).filteredOn(ProcessTruth::freed).hasSize(8);
    assertThat(guest.snapshot().frames().length).isLessThan(1800);
    assertListIsTruth(guest, NaiveWalker.Offsets.WINDOWS_7, 0x290);
  }

  @Test
  void free_stillLinked_leavesTheList() {
    SimulatedGuest guest = SimulatedGuest.windows7(1).boot();
    int pid = guest.start("notepad.exe", 4);
    guest.exitStillLinked(pid);
    assertListIsTruth(guest, NaiveWalker.Offsets.WINDOWS_7, 0x290);
    assertThat(guest.truth().active()).extracting(ProcessTruth::pid).contains(pid);

    guest.free(pid);

    assertListIsTruth(guest, NaiveWalker.Offsets.WINDOWS_7, 0x290);
  }

  @Test
  void free_runningProcess_isRefused() {
    SimulatedGuest guest = SimulatedGuest.windows7(1).boot();

    assertThatThrownBy(() -> guest.free(4)).hasMessage("process 4 still runs");
  }

  @Test
  void advance_shortTime_sharesAlmostAllFrames() {
    SimulatedGuest guest = SimulatedGuest.windows10(1).boot();
    GuestRam before = guest.snapshot();
    guest.advance(Duration.ofSeconds(10));
    GuestRam after = guest.snapshot();

    long shared = Arrays.stream(after.frames()).filter(n -> after.sharesFrame(before, n)).count();
    assertThat(shared).isBetween(after.frames().length - 20L, after.frames().length - 1L);
  }

  @Test
  void snapshot_laterWrites_doNotShow() {
    SimulatedGuest guest = SimulatedGuest.windows7(1).boot();
    GuestRam before = guest.snapshot();
    byte[] object = before.read(guest.truth().process(4).objectGpa(), 0x400);

    guest.corrupt(Corruption.imageName(4, new byte[] {'x'}));

    assertThat(before.read(guest.truth().process(4).objectGpa(), 0x400)).isEqualTo(object);
  }

  @Test
  void decoys_eachKind_carriesTheTagButTheHeadless() {
    SimulatedGuest guest = SimulatedGuest.windows7(1).boot();
    GuestRam ram = guest.snapshot();
    Set<String> kinds = new HashSet<>();

    for (DecoyTruth decoy : guest.truth().decoys()) {
      kinds.add(decoy.kind());
      byte[] tag = ram.read(decoy.gpa() + 4, 4);
      assertThat(Arrays.equals(tag, new byte[] {'P', 'r', 'o', (byte) 0xe3}))
          .as(decoy.kind())
          .isEqualTo(!Set.of("no pool header", "tags in text").contains(decoy.kind()));
    }
    assertThat(kinds).hasSize(10);
  }

  @Test
  void ram_above3GiB_leavesThePciHole() {
    SimulatedGuest guest = SimulatedGuest.windows10(1).ram(5L << 30).boot();

    assertThat(guest.snapshot().ram()).hasSize(3);
    assertThat(guest.snapshot().size()).isEqualTo((5L << 30) - 0x60000);
    assertListIsTruth(guest, NaiveWalker.Offsets.WINDOWS_10, 0x540);
  }

  private static SimulatedGuest lived(SimulatedGuest guest) {
    int first = guest.start("cmd.exe", 4);
    guest.advance(Duration.ofSeconds(3));
    int second = guest.start("ping.exe", first);
    int third = guest.start("hidden.exe", first);
    guest.advance(Duration.ofSeconds(9));
    guest.exit(second);
    guest.unlink(third);
    guest.free(second);
    guest.exitStillLinked(first);
    return guest;
  }

  private static void assertListIsTruth(
      SimulatedGuest guest, NaiveWalker.Offsets offsets, int parentOffset) {
    GroundTruth truth = guest.truth();
    NaiveWalker walker = new NaiveWalker(guest.snapshot(), truth.directoryTableBase());

    assertThat(walker.activeList(truth.kernelBaseVa(), offsets, parentOffset))
        .isEqualTo(truth.active());
  }

  private static void assertSameBytes(GuestRam first, GuestRam second) {
    assertThat(first.frames()).isEqualTo(second.frames());
    for (long number : first.frames()) {
      assertThat(first.frame(number)).isEqualTo(second.frame(number));
    }
  }
}
