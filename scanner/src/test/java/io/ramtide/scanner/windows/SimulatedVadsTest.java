package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.VadFinding;
import io.ramtide.testkit.truth.VadTruth;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Regions of processes, on guests of every build. */
class SimulatedVadsTest {
  private static final String SHELL_CODE = "PAGE_EXECUTE_READWRITE";

  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void everyRegion_isTheTruth(String build) {
    SimulatedCase guest = SimulatedCase.of(build);

    assertThat(guest.found(VadFinding.class).map(SimulatedVadsTest::row))
        .containsExactlyInAnyOrderElementsOf(
            guest.truth().vads().stream().map(SimulatedVadsTest::row).toList());
    assertThat(guest.coverage(What.vads).getDetail()).isNull();
  }

  private static String row(VadTruth vad) {
    List<String> hints = new ArrayList<>();
    if (vad.privateMemory() && vad.protection().equals(SHELL_CODE)) {
      hints.add("executablePrivate");
      hints.add("content");
      hints.add(vad.mz() ? "mz" : "code");
    }
    return row(
        vad.pid(),
        vad.startVa(),
        vad.endVa(),
        vad.protection(),
        vad.image() ? "imageMap" : "none",
        vad.privateMemory(),
        vad.commitCharge(),
        vad.file(),
        null,
        vad.objectVa(),
        hints);
  }

  private static String row(VadFinding vad) {
    // What an image begins with is not part of the truth: it is a hint for private memory here.
    List<String> hints = vad.getPrivateMemory() ? vad.getHints() : List.of();
    return row(
        vad.getPid(),
        vad.getStartVa(),
        vad.getEndVa(),
        vad.getProtection(),
        vad.getType(),
        vad.getPrivateMemory(),
        vad.getCommitCharge(),
        vad.getFile(),
        vad.getFileStatus(),
        vad.getObjectVa(),
        hints);
  }

  private static String row(
      long pid,
      long start,
      long end,
      String protection,
      String type,
      boolean isPrivate,
      long commit,
      String file,
      String fileStatus,
      long va,
      List<String> hints) {
    return "%d %x-%x %s %s private %b commit %d file %s (%s) at %x %s"
        .formatted(
            pid,
            start,
            end,
            protection,
            type,
            isPrivate,
            commit,
            file,
            fileStatus,
            va,
            hints.stream().sorted().toList());
  }
}
