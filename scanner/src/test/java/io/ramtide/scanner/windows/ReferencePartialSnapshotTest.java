package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.KernelModuleFinding;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.TokenFinding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All kinds at once of 933 pages of a real Windows 10 1809, where most of everything is missing.
 */
class ReferencePartialSnapshotTest {
  @TempDir Path folder;

  @Test
  void allKinds_giveWhatIsThere_andSayWhatIsMissing() throws IOException {
    ReferenceImage image = ReferenceImage.decoded("win10-17763-partial", folder, What.values());
    JsonNode facts = image.facts();

    assertThat(image.all(ProcessFinding.class).stream().map(ReferencePartialSnapshotTest::line))
        .containsExactlyInAnyOrderElementsOf(processes(facts));
    assertThat(image.all(KernelModuleFinding.class).stream().map(KernelModuleFinding::getName))
        .hasSize(198)
        .containsExactlyInAnyOrderElementsOf(
            facts.at("/module_list_walk_forward/modules").findValuesAsText("name"));
    assertThat(image.all(TokenFinding.class).stream().filter(t -> t.getStatus() == null))
        .extracting(TokenFinding::getPid)
        .containsExactly(7088L);

    Map<String, Coverage> coverage =
        image.analysis().coverage().stream()
            .collect(Collectors.toMap(Coverage::getKind, Function.identity()));
    assertThat(coverage).hasSize(What.values().length);
    assertThat(coverage.get("kernelModules").getStatus()).isEqualTo(CoverageStatus.complete);
    assertThat(coverage.get("tokens").getDetail()).contains("9 of them not read whole");
    assertThat(coverage.get("environment").getDetail()).contains("page tables not captured");
    assertThat(coverage.get("files").getDetail()).contains(" not captured)");
    for (What what : List.of(What.processes, What.threads, What.modules, What.environment)) {
      assertThat(coverage.get(what.name()).getStatus()).isEqualTo(CoverageStatus.incomplete);
    }
    for (What what : List.of(What.vads, What.handles, What.tokens, What.files, What.drivers)) {
      assertThat(coverage.get(what.name()).getStatus()).isEqualTo(CoverageStatus.incomplete);
    }
    for (What what : List.of(What.ssdt, What.callbacks)) {
      assertThat(coverage.get(what.name()).getStatus()).isEqualTo(CoverageStatus.notSupported);
      assertThat(coverage.get(what.name()).getDetail()).contains("by symbols");
    }
  }

  private static String line(ProcessFinding process) {
    return "0x%x %d %s".formatted(process.getObjectGpa(), process.getPid(), process.getImageName());
  }

  /** All but the one that is known to look like a process and to be none. */
  private static List<String> processes(JsonNode facts) {
    List<String> lines = new ArrayList<>();
    String falseMatch = facts.at("/known_false_match/gpa").asText();
    for (JsonNode place : facts.path("eprocess_like")) {
      if (!place.path("gpa").asText().equals(falseMatch)) {
        lines.add(
            "%s %d %s"
                .formatted(
                    place.path("gpa").asText(),
                    place.path("pid").asLong(),
                    place.path("name").asText()));
      }
    }
    assertThat(lines).hasSize(12);
    return lines;
  }
}
