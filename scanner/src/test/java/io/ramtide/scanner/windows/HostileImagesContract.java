package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.testkit.ProcessTruth;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole images that attack the scanner, decoded with every kind at once. Each costs bounded time
 * and heap, ends no decoder, hides no process, and what was cut is said.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileImagesContract {
  /** Frames read, for an image of some 200 MiB; honest ones take some 10^4. */
  private static final long MAX_READS = 1L << 23;

  /** Catches blow-ups only: an attack takes some seconds of a processor, however busy that is. */
  private static final Duration MAX_TIME = Duration.ofSeconds(60);

  private final int build;

  HostileImagesContract(int build) {
    this.build = build;
  }

  Stream<Arguments> attacks() {
    return Stream.of(
            HostileLists.all(),
            HostileCounts.all(),
            HostileTables.all(),
            HostileHives.all(),
            HostileRegistry.all(),
            HostileEndpoints.all())
        .flatMap(all -> all)
        .filter(attack -> attack.isFor(build))
        .map(attack -> Arguments.of(attack.name(), attack));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void attack_isBoundedAndSaid(String name, HostileAttack attack) {
    HostileImage image = HostileImage.of(build, attack.arenaMegabytes());
    attack.write().accept(image);
    CountingMemory memory = new CountingMemory(image.memory());
    Map<Class<?>, Integer> counts = new HashMap<>();
    Set<Object> honest = Spared.of(image.truth(), attack.spared());

    long begun = processorNanos();
    Analysis analysis =
        new WindowsAnalyzer()
            .analyze(
                memory,
                What.all(),
                finding -> {
                  counts.merge(finding.getClass(), 1, Integer::sum);
                  honest.remove(Spared.of(finding));
                });
    assertThat(Duration.ofNanos(processorNanos() - begun)).isLessThan(MAX_TIME);

    assertThat(analysis.status()).isEqualTo(CaptureStatus.DECODED);
    assertThat(memory.reads()).isLessThan(MAX_READS);
    assertThat(memory.passes()).isEqualTo(1);
    counts.forEach(
        (kind, count) ->
            assertThat(count)
                .as(kind.getSimpleName())
                .isLessThanOrEqualTo(
                    kind == RegistryKeyFinding.class
                        ? FindingSink.MAX_KEYS
                        : FindingSink.MAX_OF_A_KIND));
    assertThat(analysis.coverage())
        .extracting(Coverage::getStatus)
        .doesNotContain(CoverageStatus.failed);
    assertSaid(analysis, attack.said());
    assertThat(objects(analysis)).containsAll(objects(image));
    assertThat(honest).as("hidden").isEmpty();
  }

  private static long processorNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** Each is a kind, or "list" or "capture", and a part of what is said. */
  private static void assertSaid(Analysis analysis, List<String> said) {
    for (String what : said) {
      String kind = what.substring(0, what.indexOf(':'));
      String text = what.substring(what.indexOf(':') + 1).strip();
      assertThat(said(analysis, kind)).as(kind).contains(text);
    }
  }

  private static String said(Analysis analysis, String kind) {
    return switch (kind) {
      case "list" -> analysis.activeListDetail().orElse("");
      case "capture" -> analysis.detail().orElse("");
      default ->
          analysis.coverage().stream()
              .filter(coverage -> coverage.getKind().equals(kind))
              .map(coverage -> coverage.getStatus() + " " + coverage.getDetail())
              .findFirst()
              .orElseThrow();
    };
  }

  private static Set<Long> objects(Analysis analysis) {
    Set<Long> objects = new HashSet<>();
    for (ProcessFinding process : analysis.processes()) {
      objects.add(process.getObjectGpa());
    }
    return objects;
  }

  private static List<Long> objects(HostileImage image) {
    return image.running().stream().map(ProcessTruth::objectGpa).toList();
  }
}
