package io.ramtide.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.testkit.ram.GuestRam;
import io.ramtide.testkit.truth.CallbackTruth;
import io.ramtide.testkit.truth.HandleTruth;
import io.ramtide.testkit.truth.KernelModuleTruth;
import io.ramtide.testkit.truth.ModuleTruth;
import io.ramtide.testkit.truth.PageTruth;
import io.ramtide.testkit.truth.ProgramTruth;
import io.ramtide.testkit.truth.ServiceTruth;
import io.ramtide.testkit.truth.ThreadTruth;
import io.ramtide.testkit.truth.TokenTruth;
import io.ramtide.testkit.truth.VadTruth;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Every build's guest, read with nothing but paging and written-down offsets. */
@ParameterizedClass
@MethodSource("builds")
class SimulatedBuildsTest {

  private record Lived(GroundTruth truth, GuestRam ram) {}

  private static final Map<Integer, Lived> GUESTS = new ConcurrentHashMap<>();

  private final KernelOffsets at;
  private final GroundTruth truth;
  private final GuestRam ram;
  private final NaiveWalker kernel;

  SimulatedBuildsTest(int build) {
    at = KernelOffsets.of(build);
    Lived lived = GUESTS.computeIfAbsent(build, SimulatedBuildsTest::live);
    truth = lived.truth();
    ram = lived.ram();
    kernel = new NaiveWalker(ram, truth.directoryTableBase());
  }

  private static Lived live(int build) {
    SimulatedGuest guest = SimulatedGuest.ofBuild(build, 3).boot();
    int shell = guest.start("cmd.exe", guest.truth().active().get(9).pid());
    int tool = guest.start("whoami.exe", shell);
    guest.advance(Duration.ofSeconds(8));
    guest.exit(tool);
    guest.unlink(shell);
    return new Lived(guest.truth(), guest.snapshot());
  }

  static List<Integer> builds() {
    return SimulatedGuest.builds();
  }

  @Test
  void activeList_processes_areTheTruth() {
    var offsets =
        new NaiveWalker.Offsets(
            at.activeHead(), at.links(), at.pid(), at.name(), at.create(), at.exit(), 0x28);

    assertThat(kernel.activeList(truth.kernelBaseVa(), offsets, at.parent()))
        .isEqualTo(truth.active());
  }

  @Test
  void selfMapIndex_upToWindows81_isFixed() {
    assertThat(truth.selfMapIndex() == 0x1ed).isEqualTo(truth.build() <= 9600);
  }

  @Test
  void handleTables_entries_areTheTruth() {
    for (ProcessTruth process : truth.active()) {
      TreeMap<Integer, Long> expected = new TreeMap<>();
      for (HandleTruth handle : truth.handles()) {
        if (handle.pid() == process.pid()) {
          expected.put(handle.handle(), handle.objectVa());
        }
      }
      long table = kernel.u64(process.objectVa() + at.objectTable());
      long code = kernel.u64(table + at.tableCode());
      TreeMap<Integer, Long> found = new TreeMap<>();
      List<Long> pages = new ArrayList<>();
      for (int i = 0; (code & 1) != 0 && kernel.u64((code & -8) + 8L * i) != 0; i++) {
        pages.add(kernel.u64((code & -8) + 8L * i));
      }
      if ((code & 1) == 0) {
        pages.add(code);
      }
      for (int i = 0; i < 256 * pages.size(); i++) {
        long entry = kernel.u64(pages.get(i / 256) + 16L * (i % 256));
        if (entry != 0) {
          found.put(4 * i, header(entry) + 0x30);
        }
      }
      assertThat(found).as(process.imageName()).isEqualTo(expected);
    }
    assertThat(truth.handles()).extracting(HandleTruth::handle).anyMatch(handle -> handle > 1024);
  }

  private long header(long entry) {
    return truth.build() == 7601 ? entry & -8 : entry >> 20 << 4;
  }

  @Test
  void vadTrees_nodes_areTheTruth() {
    for (ProcessTruth process : truth.active()) {
      List<Long> starts = new ArrayList<>();
      inOrder(kernel.u64(process.objectVa() + at.vadRoot()), starts);

      assertThat(starts)
          .as(process.imageName())
          .isEqualTo(
              truth.vads().stream()
                  .filter(vad -> vad.pid() == process.pid())
                  .map(VadTruth::startVa)
                  .sorted()
                  .toList());
    }
    assertThat(truth.vads()).filteredOn(VadTruth::mz).hasSize(1);
  }

  private void inOrder(long node, List<Long> starts) {
    if (node == 0) {
      return;
    }
    inOrder(kernel.u64(node + at.vadLeft()), starts);
    long start = kernel.u64(node + at.vadStart());
    long high = kernel.u64(node + 0x20) & 0xff;
    starts.add(at.wideVpn() ? start << 12 : (start & 0xffffffffL) << 12 | high << 44);
    inOrder(kernel.u64(node + at.vadLeft() + 8), starts);
  }

  @Test
  void pages_inRam_beginWithTheirAddress() {
    List<Long> images = truth.modules().stream().map(ModuleTruth::baseVa).distinct().toList();
    for (PageTruth page : truth.pages()) {
      if (page.gpa() >= 0 && !images.contains(page.va())) {
        assertThat(u64(page.gpa())).as(page.toString()).isEqualTo(page.va());
      }
    }
    assertThat(truth.pages())
        .extracting(PageTruth::state)
        .contains(
            "valid",
            "transition",
            "prototype",
            "prototypeTransition",
            "prototypeDemandZero",
            "prototypeFile",
            "vadPrototype",
            "pagefile",
            "demandZero");
  }

  @Test
  void pages_valid_areMappedThere() {
    for (ProcessTruth process : truth.active()) {
      NaiveWalker walker = new NaiveWalker(ram, process.directoryTableBase());
      for (PageTruth page : truth.pages()) {
        if (page.pid() == process.pid()) {
          assertThat(walker.translate(page.va()))
              .as(page.toString())
              .isEqualTo(page.state().equals("valid") ? page.gpa() : -1);
        }
      }
    }
  }

  @Test
  void swizzledEntries_ofWindows11_carryTheMask() {
    long mask = 1L << 37;
    boolean masked =
        truth.pages().stream()
            .filter(page -> page.state().equals("transition"))
            .allMatch(page -> (page.entry() & mask) != 0);

    assertThat(masked).isEqualTo(truth.build() == 22000);
  }

  @Test
  void threads_ofEveryProcess_areInItsModulesOrNowhere() {
    assertThat(truth.threads()).extracting(ThreadTruth::objectVa).doesNotHaveDuplicates();
    assertThat(truth.threads()).filteredOn(thread -> thread.startModule() == null).hasSize(1);
    assertThat(truth.threads())
        .extracting(ThreadTruth::state)
        .contains("running", "ready", "waiting", "terminated");
  }

  @Test
  void programs_texts_areTheTruthOrPagedOut() {
    assertThat(truth.programs())
        .filteredOn(program -> Objects.equals(program.commandLineStatus(), "paged out"))
        .hasSize(1);
    assertThat(truth.programs()).extracting(ProgramTruth::wow64).contains(true, false);
    assertThat(truth.modules()).filteredOn(ModuleTruth::wow64).hasSize(5);
    assertThat(truth.modules())
        .filteredOn(module -> !module.inLoad() && !module.wow64())
        .extracting(module -> module.inInit() || module.inMemory())
        .contains(true, false);
  }

  @Test
  void tokens_ofRunningProcesses_haveEveryIntegrity() {
    assertThat(truth.tokens()).hasSameSizeAs(truth.programs());
    assertThat(truth.tokens()).extracting(TokenTruth::integrity).contains("medium", "system");
    assertThat(truth.tokens()).extracting(TokenTruth::sessionId).contains(0, 1);
  }

  @Test
  void kernelCode_withRootkit_isHookedAndHidden() {
    assertThat(truth.kernelModules())
        .filteredOn(module -> !module.listed())
        .extracting(KernelModuleTruth::name)
        .containsExactly("updsvc.sys");
    assertThat(truth.services())
        .filteredOn(service -> !service.module().equals("ntoskrnl.exe"))
        .extracting(ServiceTruth::module)
        .containsExactly("updsvc.sys");
    assertThat(truth.callbacks())
        .filteredOn(callback -> callback.module() == null)
        .extracting(CallbackTruth::type)
        .containsExactly("threadCreate");
  }

  @Test
  void rootkit_absent_leavesNothingHidden() {
    GroundTruth clean = SimulatedGuest.ofBuild(truth.build(), 3).rootkit(false).boot().truth();

    assertThat(clean.kernelModules()).allMatch(KernelModuleTruth::listed);
    assertThat(clean.services()).allMatch(service -> service.module().equals("ntoskrnl.exe"));
    assertThat(clean.callbacks()).noneMatch(callback -> callback.module() == null);
    assertThat(clean.threads()).noneMatch(thread -> thread.startModule() == null);
    assertThat(clean.vads()).noneMatch(vad -> vad.protection().equals("PAGE_EXECUTE_READWRITE"));
  }

  @Test
  void services_addresses_areMapped() {
    for (ServiceTruth service : truth.services()) {
      assertThat(kernel.translate(service.address())).as(service.symbol()).isPositive();
    }
    assertThat(truth.services()).hasSize(48);
  }

  @Test
  void sameSeed_sameBytes() {
    GuestRam first = SimulatedGuest.ofBuild(truth.build(), 9).boot().snapshot();
    GuestRam second = SimulatedGuest.ofBuild(truth.build(), 9).boot().snapshot();

    assertThat(first.frames()).isEqualTo(second.frames());
    for (long number : first.frames()) {
      assertThat(first.frame(number)).isEqualTo(second.frame(number));
    }
  }

  private long u64(long gpa) {
    return ByteBuffer.wrap(ram.read(gpa, 8)).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }
}
