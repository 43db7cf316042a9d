package io.ramtide.cli.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import io.ramtide.cli.Output;
import io.ramtide.schemas.FileTime;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images whose content other tools confirmed; where the folder with them exists. */
class ReferenceImagesIT {
  private static final Path IMAGES =
      Path.of(System.getProperty("ramtide.images", "../../shared/images"));
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @BeforeAll
  static void findImages() {
    assumeTrue(
        Files.isDirectory(IMAGES),
        () ->
            "SKIPPED: no reference images in %s; name their folder with -Dramtide.images"
                .formatted(IMAGES.toAbsolutePath().normalize()));
  }

  private Path unpack(String image, String file) throws IOException {
    Path unpacked = folder.resolve(file);
    try (InputStream packed =
        new ZstdInputStream(
            new BufferedInputStream(
                Files.newInputStream(IMAGES.resolve(image).resolve(file + ".zst"))))) {
      Files.copy(packed, unpacked);
    }
    return unpacked;
  }

  private static JsonNode facts(String image, String file) throws IOException {
    return JSON.readTree(Files.readString(IMAGES.resolve(image).resolve(file)));
  }

  private static List<JsonNode> of(Output output, String kind) throws IOException {
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : output.lines()) {
      JsonNode node = JSON.readTree(line);
      if (node.get("kind").asText().equals(kind)) {
        nodes.add(node);
      }
    }
    return nodes;
  }

  @ParameterizedTest
  @CsvSource({"win7sp1-reference, 7601", "win10-19041-reference, 19041"})
  void inspect_givesExactlyTheProcessesOfTheTruth(String image, int build) throws Exception {
    Output output = new Output();
    int code = output.run("inspect", "--format", "json", unpack(image, "ram.raw").toString());
    assertThat(code).as(output.err()).isZero();

    JsonNode truth = facts(image, "truth.json");
    JsonNode system = of(output, "system").get(0);
    JsonNode kernel = truth.get("kernel");
    assertThat(system.get("build").asInt()).isEqualTo(build);
    assertThat(system.get("pdbGuid").asText()).isEqualTo(kernel.at("/pdb/guid").asText());
    assertThat(system.get("kernelBase").asText()).isEqualTo(hex(kernel.get("base_va")));
    assertThat(system.get("directoryTableBase").asText()).isEqualTo(hex(kernel.get("cr3")));
    assertThat(system.get("selfMapIndex")).isEqualTo(kernel.get("self_map_index"));
    assertThat(system.get("guestTime").asText())
        .isEqualTo(FileTime.format(truth.get("system_time").asLong()));
    assertThat(system.get("symbolMatch").asText()).isEqualTo("exact");

    List<String> expected = new ArrayList<>();
    truth.get("processes").forEach(process -> expected.add(inspectForm(process)));
    assertThat(of(output, "process"))
        .extracting(
            process ->
                "%s %s %s %s %s dtb=%s va=%s gpa=%s listed=%s"
                    .formatted(
                        process.get("pid"),
                        process.get("parentPid"),
                        process.get("imageName").asText(),
                        process.get("createTime").asText(),
                        process.get("exitTime").asText(),
                        process.get("directoryTableBase").asText(),
                        process.get("objectVa").asText(),
                        process.get("objectGpa").asText(),
                        process.get("seenBy").toString().contains("activeList")))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private static String inspectForm(JsonNode process) {
    boolean listed = !process.get("unlinked").asBoolean() && !process.get("freed").asBoolean();
    return "%s dtb=%s va=%s gpa=%s listed=%s"
        .formatted(
            identity(process),
            hex(process.get("dtb")),
            hex(process.get("eprocess_va")),
            hex(process.get("eprocess_gpa")),
            listed);
  }

  private static String identity(JsonNode process) {
    return "%s %s %s %s %s"
        .formatted(
            process.get("pid"),
            process.get("ppid"),
            process.get("image_file_name").asText(),
            FileTime.format(process.get("create_time").asLong()),
            process.get("exit_time").asLong() == 0
                ? "null"
                : FileTime.format(process.get("exit_time").asLong()));
  }

  private static String hex(JsonNode number) {
    return "0x" + Long.toHexString(number.bigIntegerValue().longValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void replay_givesExactlyTheProcessesOfTheTruth(String image) throws Exception {
    Output output = new Output();
    int code =
        output.run(
            "replay",
            "--format",
            "json",
            "--data",
            folder.resolve("data").toString(),
            unpack(image, "ram.raw").toString());
    assertThat(code).as(output.err()).isZero();

    List<String> expected = new ArrayList<>();
    List<Long> hidden = new ArrayList<>();
    for (JsonNode process : facts(image, "truth.json").get("processes")) {
      expected.add(
          "%s va=%s gpa=%s"
              .formatted(
                  identity(process),
                  hex(process.get("eprocess_va")),
                  hex(process.get("eprocess_gpa"))));
      if (process.get("unlinked").asBoolean()) {
        hidden.add(process.get("pid").asLong());
      }
    }
    assertThat(of(output, "processEvent"))
        .extracting(
            event ->
                "%s %s %s %s %s va=%s gpa=%s"
                    .formatted(
                        event.get("pid"),
                        event.get("parentPid"),
                        event.get("imageName").asText(),
                        event.get("createTime").asText(),
                        event.get("exitTime").asText(),
                        event.at("/evidence/objectVa").asText(),
                        event.at("/evidence/objectGpa").asText()))
        .as("an exited one appears and exits")
        .containsOnlyOnceElementsOf(running(expected))
        .hasSameElementsAs(expected);
    assertThat(of(output, "anomaly"))
        .extracting(anomaly -> anomaly.get("pid").asLong())
        .containsExactlyInAnyOrderElementsOf(hidden);
  }

  private static List<String> running(List<String> processes) {
    return processes.stream().filter(process -> process.contains(" null va=")).toList();
  }

  @Test
  void inspect_ofThePartialSnapshot_givesTheFacts_andSaysWhatItLacks() throws Exception {
    Output output = new Output();
    Path snapshot = unpack("win10-17763-partial", "snap.elf");
    assertThat(output.run("inspect", "--format", "json", snapshot.toString())).isEqualTo(3);
    assertPartial(of(output, "system").get(0));
    assertThat(of(output, "process"))
        .extracting(
            process ->
                "%s %s %s"
                    .formatted(
                        process.get("pid"),
                        process.get("imageName").asText(),
                        process.get("objectGpa").asText()))
        .containsExactlyInAnyOrderElementsOf(partialProcesses());
    assertIncomplete(of(output, "summary").get(0));

    Output table = new Output();
    assertThat(table.run("inspect", snapshot.toString())).isEqualTo(3);
    assertThat(table.out()).contains("the active list could not be walked to its end: ");
  }

  @Test
  void replay_ofThePartialSnapshot_givesItsProcesses_andSaysWhatItLacks() throws Exception {
    Output output = new Output();
    int code =
        output.run(
            "replay",
            "--format",
            "json",
            "--data",
            folder.resolve("data").toString(),
            unpack("win10-17763-partial", "snap.elf").toString());
    assertThat(code).as(output.err()).isEqualTo(3);
    assertThat(of(output, "processEvent"))
        .extracting(
            event ->
                "%s %s %s"
                    .formatted(
                        event.get("pid"),
                        event.get("imageName").asText(),
                        event.at("/evidence/objectGpa").asText()))
        .as("all but Idle, which no timeline has")
        .hasSameElementsAs(
            partialProcesses().stream().filter(process -> !process.startsWith("0 Idle ")).toList());
    assertIncomplete(of(output, "capture").get(0));
    assertThat(of(output, "anomaly")).as("nothing can be hidden from a list nobody saw").isEmpty();
  }

  private static void assertPartial(JsonNode system) throws IOException {
    JsonNode facts = facts("win10-17763-partial", "facts.json");
    assertThat(system.get("build").asInt()).isEqualTo(17763);
    assertThat(system.get("build")).isEqualTo(facts.at("/kuser/NtBuildNumber"));
    assertThat(system.get("kernelBase")).isEqualTo(facts.at("/kdbg/KernBase"));
    assertThat(system.get("pdbGuid")).isEqualTo(facts.at("/pdb/guid"));
    assertThat(system.get("pdbAge")).isEqualTo(facts.at("/pdb/age"));
    assertThat(system.get("selfMapIndex")).isEqualTo(facts.at("/self_map_index/0"));
    assertThat(system.get("guestTime").asText())
        .isEqualTo(FileTime.format(facts.at("/kuser/SystemTime_filetime").asLong()));
  }

  private static List<String> partialProcesses() throws IOException {
    JsonNode facts = facts("win10-17763-partial", "facts.json");
    List<String> expected = new ArrayList<>();
    for (JsonNode process : facts.get("eprocess_like")) {
      if (!process.get("gpa").equals(facts.at("/known_false_match/gpa"))) {
        expected.add(
            "%s %s %s"
                .formatted(
                    process.get("pid"), process.get("name").asText(), process.get("gpa").asText()));
      }
    }
    return expected;
  }

  private static void assertIncomplete(JsonNode summary) {
    assertThat(summary.get("status").asText()).isEqualTo("decoded");
    assertThat(summary.get("activeList").asText()).isEqualTo("incomplete");
    assertThat(summary.get("activeListDetail").asText()).isNotBlank();
  }
}
