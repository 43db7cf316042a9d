package io.ramtide.cli.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.UnreadableRecordException;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.ram.GuestRam;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is done to a guest of every simulated kernel between two captures is told, dated as Windows
 * dates it, and nothing else; by a scanner that goes on, and by one that is started again.
 */
class KnownChangesTest {
  private static final long SEED = 11;

  @TempDir Path folder;

  static Stream<String> kernels() {
    return Stream.concat(
        Stream.of("7601-17514", "7601-23418"),
        SimulatedGuest.builds().stream().map(String::valueOf));
  }

  private static SimulatedGuest.Builder guest(String kernel) {
    return switch (kernel) {
      case "7601-17514" -> SimulatedGuest.windows7Rtm(SEED);
      case "7601-23418" -> SimulatedGuest.windows7Mid(SEED);
      default -> SimulatedGuest.ofBuild(Integer.parseInt(kernel), SEED);
    };
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void knownChanges_areToldOnce_andNothingElse(String kernel) throws Exception {
    ChangingGuest changing = new ChangingGuest(guest(kernel));
    GuestRam before = changing.guest.snapshot();
    changing.change();
    GuestRam after = changing.guest.snapshot();
    changing.guest.advance(Duration.ofSeconds(10));
    GuestRam later = changing.guest.snapshot();

    try (Captures captures = new Captures(false, folder.resolve("goesOn"))) {
      check(captures, changing, List.of(before, after, later));
      assertThat(captures.found(HiveFinding.class)).allMatch(hive -> hive.getKeysSince() == 2);
      assertThat(captures.found(RegistryKeyFinding.class)).isEmpty();
    }
    try (Captures captures = new Captures(true, folder.resolve("restarts"))) {
      check(captures, changing, List.of(before, after, later));
      assertThat(captures.found(HiveFinding.class)).allMatch(hive -> hive.getKeysSince() == null);
      assertThat(captures.found(RegistryKeyFinding.class)).hasSizeGreaterThan(300);
    }
  }

  private static void check(Captures captures, ChangingGuest changing, List<GuestRam> snapshots)
      throws UnreadableRecordException {
    captures.take(snapshots.get(0));
    assertThat(captures.registry()).isEmpty();
    assertThat(captures.coverage())
        .extracting(Coverage::getStatus)
        .containsOnly(CoverageStatus.complete);

    captures.take(snapshots.get(1));
    assertThat(captures.registry().stream().map(EventTexts::of))
        .containsExactlyInAnyOrderElementsOf(changing.registryEvents);
    assertThat(captures.network().stream().map(EventTexts::of))
        .containsExactlyInAnyOrderElementsOf(changing.networkEvents);

    captures.take(snapshots.get(2));
    assertThat(captures.registry()).isEmpty();
    assertThat(captures.network()).isEmpty();
  }
}
