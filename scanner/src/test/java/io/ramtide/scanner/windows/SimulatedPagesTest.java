package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.paging.PteState;
import io.ramtide.scanner.paging.Translation;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.kernel.Kernel;
import io.ramtide.scanner.windows.kernel.KernelFinder;
import io.ramtide.scanner.windows.scan.GuestScan;
import io.ramtide.scanner.windows.vad.Vads;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.testkit.truth.PageTruth;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every page whose state is known, read through its process: state, place and content. */
class SimulatedPagesTest {
  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void everyPage_isInItsStateAndPlace(String build) {
    SimulatedCase simulated = SimulatedCase.of(build);
    Map<Integer, AddressSpace> spaces = spaces(simulated);
    List<String> expected = new ArrayList<>();
    List<String> found = new ArrayList<>();

    for (PageTruth page : simulated.truth().pages()) {
      AddressSpace space = spaces.get(page.pid());
      expected.add(row(page, expected(page)));
      found.add(row(page, found(space, page.va())));
    }

    assertThat(found).isEqualTo(expected);
    assertThat(simulated.truth().pages())
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

  private static String row(PageTruth page, String what) {
    return "%d 0x%x %s".formatted(page.pid(), page.va(), what);
  }

  private static String expected(PageTruth page) {
    String held = " at 0x%x, begins with its address".formatted(page.gpa());
    return switch (page.state()) {
      case "valid" -> "VALID" + held;
      case "transition" -> "TRANSITION" + held;
      case "prototype", "vadPrototype" -> "shared VALID" + held;
      case "prototypeTransition" -> "shared TRANSITION" + held;
      case "demandZero", "prototypeDemandZero" -> "zeros";
      case "prototypeFile" -> "in file";
      case "pagefile" -> "paged out";
      default -> throw new IllegalArgumentException(page.state());
    };
  }

  private static String found(AddressSpace space, long va) {
    Translation where = space.locate(va);
    byte[] bytes = new byte[Long.BYTES];
    if (where instanceof Translation.Mapped mapped) {
      assertThat(space.read(va, bytes, 0, bytes.length).isComplete()).isTrue();
      long begin = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
      return "%s%s at 0x%x, begins with %s"
          .formatted(
              mapped.isShared() ? "shared " : "",
              mapped.how() == PteState.VALID ? "VALID" : "TRANSITION",
              mapped.gpa(),
              begin == va || isHeader(begin) ? "its address" : "0x%x".formatted(begin));
    }
    if (where instanceof Translation.Zeros) {
      assertThat(space.read(va, bytes, 0, bytes.length).isComplete()).isTrue();
      assertThat(bytes).containsOnly(0);
      return "zeros";
    }
    assertThat(space.read(va, bytes, 0, bytes.length).isComplete()).isFalse();
    return where.status();
  }

  /** The first page of an image begins with MZ instead. */
  private static boolean isHeader(long begin) {
    return (begin & 0xffff) == 0x5a4d;
  }

  private static Map<Integer, AddressSpace> spaces(SimulatedCase simulated) {
    SymbolStore symbols = SymbolStore.shipped();
    GuestScan scan = GuestScan.of(simulated.memory(), symbols);
    FrameReader frames = new FrameReader(simulated.memory());
    Kernel kernel = new KernelFinder(scan, frames, symbols).find().orElseThrow();
    String layout = simulated.analysis().system().orElseThrow().getSymbolTable();
    Guest guest = new Guest(kernel, symbols.layout(layout), scan, frames);
    Map<Integer, AddressSpace> spaces = new HashMap<>();
    for (ProcessFinding finding : simulated.found(ProcessFinding.class).toList()) {
      if (finding.getExitTime() == null) {
        GuestProcess process =
            new GuestProcess(
                guest,
                ProcessFinding.newBuilder()
                    .setPid(finding.getPid())
                    .setDirectoryTableBase(finding.getDirectoryTableBase())
                    .setObjectVa(finding.getObjectVa()));
        process.answerFrom(() -> Vads.of(process));
        spaces.put((int) finding.getPid(), process.space().orElseThrow());
      }
    }
    return spaces;
  }
}
