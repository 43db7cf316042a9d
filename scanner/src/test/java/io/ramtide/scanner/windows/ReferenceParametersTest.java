package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.EnvironmentFinding;
import io.ramtide.schemas.EnvironmentVariable;
import io.ramtide.schemas.ProcessFinding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What processes of the peer-confirmed images were started with, against their truth. */
class ReferenceParametersTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void referenceImage_givesPathsAndCommandLines(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.decoded(image, folder, What.processes);

    List<String> expected = new ArrayList<>();
    for (JsonNode process : reference.json("truth.json").path("processes")) {
      expected.add(line(process));
    }
    assertThat(reference.all(ProcessFinding.class).stream().map(ReferenceParametersTest::line))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private static String line(JsonNode process) {
    String none = process.path("exited").asBoolean() ? "null (exited)" : "null (no user space)";
    boolean hasPeb = process.hasNonNull("peb");
    boolean isLost = process.path("cmdline_paging").asText().equals("pagefile");
    String line = isLost ? "null (paged out)" : text(process, "command_line");
    return "%d peb=%d image=%s line=%s folder=%s file=%s wow64=false"
        .formatted(
            process.path("pid").asLong(),
            process.path("peb").asLong(),
            hasPeb ? text(process, "peb_image_path") : none,
            hasPeb ? line : none,
            hasPeb ? text(process, "peb_current_directory") : none,
            text(process, "audit_name"));
  }

  private static String text(JsonNode process, String field) {
    return process.path(field).isNull() ? "null (null)" : process.path(field).asText() + " (null)";
  }

  private static String line(ProcessFinding process) {
    return "%d peb=%d image=%s (%s) line=%s (%s) folder=%s (%s) file=%s (%s) wow64=%b"
        .formatted(
            process.getPid(),
            process.getPebVa() == null ? 0 : process.getPebVa(),
            process.getImagePath(),
            process.getImagePathStatus(),
            process.getCommandLine(),
            process.getCommandLineStatus(),
            process.getCurrentDirectory(),
            process.getCurrentDirectoryStatus(),
            process.getImageFile(),
            process.getImageFileStatus(),
            process.getWow64());
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void referenceImage_givesEnvironments(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.decoded(image, folder, What.environment);

    List<String> expected = new ArrayList<>();
    for (JsonNode process : reference.json("truth.json").path("processes")) {
      long pid = process.path("pid").asLong();
      process
          .path("environment")
          .properties()
          .forEach(
              variable ->
                  expected.add(
                      "%d %s=%s".formatted(pid, variable.getKey(), variable.getValue().asText())));
    }
    List<String> found = new ArrayList<>();
    for (EnvironmentFinding environment : reference.all(EnvironmentFinding.class)) {
      long pid = environment.getPid();
      if (environment.getStatus() != null) {
        found.add("%d %s".formatted(pid, environment.getStatus()));
      }
      for (EnvironmentVariable variable : environment.getVariables()) {
        found.add("%d %s=%s".formatted(pid, variable.getName(), variable.getValue()));
      }
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }
}
