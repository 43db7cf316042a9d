package io.ramtide.cli.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.cli.listing.CaptureListing;
import io.ramtide.cli.render.FindingLines;
import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.windows.Analysis;
import io.ramtide.scanner.windows.WindowsAnalyzer;
import io.ramtide.scanner.windows.guest.KeyGlobs;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.registry.WatchList;
import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.Summary;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.ram.GuestRam;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A listing of captures against an analysis of the last one's RAM, which knows no captures. */
class CaptureListingTest {
  /** A finding of a capture. */
  private record Told(long capture, SpecificRecord finding) {}

  private static final List<Told> TOLD = new ArrayList<>();
  private static final List<String> EXPECTED = new ArrayList<>();
  private static Analysis expected;
  private static ChangingGuest changing;

  @BeforeAll
  static void captures() {
    changing = new ChangingGuest(SimulatedGuest.windows10(11));
    GuestRam before = changing.guest.snapshot();
    changing.change();
    GuestRam after = changing.guest.snapshot();
    changing.guest.advance(Duration.ofSeconds(10));
    GuestRam later = changing.guest.snapshot();

    SnapshotMemory memory = new SnapshotMemory();
    WindowsAnalyzer analyzer = new WindowsAnalyzer();
    long capture = 0;
    for (GuestRam ram : List.of(before, after, later)) {
      long number = ++capture;
      FrameSet changed = memory.become(ram);
      Request request =
          new Request(What.all(), KeyGlobs.ALL, WatchList.defaults(), OptionalLong.of(number));
      Analysis analysis =
          analyzer.analyze(
              memory, changed, request, finding -> TOLD.add(new Told(number, finding)));
      TOLD.add(new Told(number, summary(analysis)));
    }
    expected =
        new WindowsAnalyzer()
            .analyze(memory, What.all(), finding -> FindingLines.of(finding, EXPECTED::add));
  }

  private static Summary summary(Analysis analysis) {
    return Summary.newBuilder()
        .setStatus(analysis.status())
        .setFindings(0)
        .setStartedAt(0)
        .setEndedAt(0)
        .setConsistency(Consistency.LIVE)
        .setActiveList(analysis.activeList())
        .setUnreadableFrames(0)
        .setCoverage(analysis.coverage())
        .build();
  }

  private static CaptureListing listing(long from, Set<What> wanted, List<String> lines) {
    CaptureListing listing =
        new CaptureListing(3, wanted, finding -> FindingLines.of(finding, lines::add));
    TOLD.stream()
        .filter(told -> told.capture() >= from)
        .forEach(told -> listing.take(told.capture(), told.finding()));
    return listing;
  }

  @Test
  void listing_isWhatAnAnalysisOfTheLastCaptureGives() {
    List<String> lines = new ArrayList<>();
    CaptureListing listing = listing(1, What.all(), lines);
    // Keys are in another order: by their paths, the volatile ones among the others.
    assertThat(lines).containsExactlyInAnyOrderElementsOf(EXPECTED);
    assertThat(withoutKeys(lines)).isEqualTo(withoutKeys(EXPECTED));
    assertThat(listing.summary().orElseThrow().getCoverage())
        .containsExactlyInAnyOrderElementsOf(expected.coverage());
    assertThat(listing.summary().orElseThrow().getFindings())
        .isEqualTo(
            (int) EXPECTED.stream().filter(line -> !line.contains("\"registryValue\"")).count());
  }

  private static List<String> withoutKeys(List<String> lines) {
    return lines.stream().filter(line -> !line.startsWith("{\"kind\":\"registry")).toList();
  }

  @Test
  void kindsThatAreNotWanted_areLeftOut() {
    List<String> lines = new ArrayList<>();
    CaptureListing listing = listing(1, EnumSet.of(What.endpoints), lines);
    assertThat(lines)
        .containsExactlyElementsOf(
            EXPECTED.stream()
                .filter(line -> line.matches("\\{\"kind\":\"(system|endpoint)\".*"))
                .toList());
    assertThat(listing.summary().orElseThrow().getCoverage())
        .extracting(Coverage::getKind)
        .containsExactly("endpoints");
  }

  @Test
  void capturesThatTellChangesOnly_makeTheRegistryIncomplete() {
    List<String> lines = new ArrayList<>();
    CaptureListing listing = listing(3, What.all(), lines);
    assertThat(listing.summary().orElseThrow().getCoverage())
        .filteredOn(kind -> kind.getKind().equals("registry"))
        .singleElement()
        .satisfies(
            kind -> {
              assertThat(kind.getStatus()).isEqualTo(CoverageStatus.incomplete);
              assertThat(kind.getDetail()).contains("keys that did not change since");
            });
  }

  @Test
  void keysThatAreTooMany_areCountedAndSaid() {
    List<SpecificRecord> given = new ArrayList<>();
    CaptureListing listing =
        CaptureListing.ofAtMost(3, Set.of(What.hives, What.registry), given::add, 10_000);
    TOLD.forEach(told -> listing.take(told.capture(), told.finding()));
    long keys = given.stream().filter(RegistryKeyFinding.class::isInstance).count();
    assertThat(keys).isBetween(1L, 200L);
    assertThat(listing.summary().orElseThrow().getCoverage())
        .filteredOn(kind -> kind.getKind().equals("registry"))
        .singleElement()
        .satisfies(
            kind -> {
              assertThat(kind.getStatus()).isEqualTo(CoverageStatus.incomplete);
              assertThat(kind.getCount()).isEqualTo((int) keys);
              assertThat(kind.getDetail()).contains("too many to list");
            });
  }

  @Test
  void captureThatHasNotEnded_hasNoSummary() {
    CaptureListing listing = new CaptureListing(4, What.all(), finding -> {});
    TOLD.forEach(told -> listing.take(told.capture(), told.finding()));
    assertThat(listing.summary()).isEmpty();
  }
}
