package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.FileFinding;
import io.ramtide.schemas.MutexFinding;
import io.ramtide.schemas.SymbolicLinkFinding;
import io.ramtide.schemas.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files, mutexes and symbolic links of the peer-confirmed images. */
class ReferenceNamedObjectsTest {
  @TempDir Path folder;

  /** Volatility's offsets are physical on Windows 7, virtual without sign extension on 10. */
  private static long offset(String image, long va, long gpa) {
    return image.startsWith("win7") ? gpa : va;
  }

  private static long offset(String image, JsonNode row) {
    long offset = ReferenceImage.number(row.path("Offset"));
    return image.startsWith("win7") || offset < 0 ? offset : offset | 0xffff_0000_0000_0000L;
  }

  private static List<String> expected(ReferenceImage reference, String image, String plugin)
      throws IOException {
    List<String> rows = new ArrayList<>();
    for (JsonNode row : reference.volatility(plugin)) {
      rows.add("0x%x %s".formatted(offset(image, row), row.path("Name").asText()));
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void files_areThoseVolatilitySees(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.open(image, folder);

    List<FileFinding> files = reference.findings(What.files, FileFinding.class);

    assertThat(
            files.stream()
                .map(
                    file ->
                        "0x%x %s"
                            .formatted(
                                offset(image, file.getObjectVa(), file.getObjectGpa()),
                                file.getName())))
        .containsExactlyInAnyOrderElementsOf(expected(reference, image, "filescan"));
    assertThat(files)
        .allMatch(file -> "\\Device\\HarddiskVolume1".equals(file.getDevice()))
        .allMatch(file -> file.getSeenBy().contains(View.poolScan));
    assertThat(files.stream().filter(file -> file.getSeenBy().contains(View.processHandles)))
        .hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void mutexes_areThoseOfTheTruthWhereVolatilitySeesThem(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.open(image, folder);
    List<String> named = new ArrayList<>();
    for (JsonNode process : reference.truth().path("processes")) {
      for (JsonNode handle : process.path("handles")) {
        if (handle.path("type").asText().equals("Mutant")) {
          named.add(handle.path("name").asText());
        }
      }
    }

    List<MutexFinding> mutexes = reference.findings(What.mutexes, MutexFinding.class);

    assertThat(mutexes.stream().map(MutexFinding::getName))
        .containsExactlyInAnyOrderElementsOf(named);
    assertThat(
            mutexes.stream()
                .map(
                    mutex ->
                        "0x%x %s"
                            .formatted(
                                offset(image, mutex.getObjectVa(), mutex.getObjectGpa()),
                                mutex.getName())))
        .containsExactlyInAnyOrderElementsOf(expected(reference, image, "mutantscan"));
    assertThat(mutexes)
        .allMatch(mutex -> "\\BaseNamedObjects".equals(mutex.getDirectory()))
        .allMatch(
            mutex ->
                mutex
                    .getSeenBy()
                    .equals(List.of(View.poolScan, View.processHandles, View.objectDirectory)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void everyKind_isComplete(String image) throws IOException {
    Set<What> kinds =
        EnumSet.of(What.handles, What.tokens, What.files, What.mutexes, What.symbolicLinks);

    Analysis analysis = ReferenceImage.open(image, folder).analyze(kinds, finding -> {});

    assertThat(analysis.coverage())
        .hasSize(kinds.size())
        .allMatch(coverage -> coverage.getStatus() == CoverageStatus.complete);
  }

  /** The images hold none: no pool tag, no directory. */
  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void symbolicLinks_areNone(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.open(image, folder);

    assertThat(reference.findings(What.symbolicLinks, SymbolicLinkFinding.class)).isEmpty();
  }
}
