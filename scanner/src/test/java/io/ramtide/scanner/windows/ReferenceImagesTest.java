package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.SymbolMatch;
import io.ramtide.schemas.SystemFinding;
import io.ramtide.schemas.View;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The peer-confirmed images of the folder -Dramtide.images, if it exists. */
class ReferenceImagesTest {
  private static final Path IMAGES =
      Path.of(System.getProperty("ramtide.images", "../../shared/images"));

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void referenceImage_givesTheTruthAndNothingElse(String image) throws IOException {
    JsonNode truth = new ObjectMapper().readTree(existing(image).resolve("truth.json").toFile());

    Analysis analysis = analyze(TestMemory.raw(unpacked(image, "ram.raw")));

    assertThat(analysis.status()).isEqualTo(CaptureStatus.DECODED);
    assertThat(analysis.detail()).isEmpty();
    assertSystem(analysis.system().orElseThrow(), truth);
    assertThat(analysis.activeListDetail()).isEmpty();
    assertThat(analysis.activeList()).isEqualTo(ListStatus.complete);
    List<String> expected = new ArrayList<>();
    truth
        .path("processes")
        .forEach(process -> expected.add(line(process, ReferenceViews.of(process, truth))));
    assertThat(analysis.processes().stream().map(ReferenceImagesTest::line))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private static void assertSystem(SystemFinding system, JsonNode truth) {
    JsonNode kernel = truth.path("kernel");
    assertThat(system.getSymbolMatch()).isEqualTo(SymbolMatch.exact);
    assertThat(system.getSymbolMatchReason()).isNull();
    assertThat(system.getBuild()).isEqualTo(kernel.path("build").asInt());
    assertThat(system.getPdbGuid()).isEqualTo(kernel.path("pdb").path("guid").asText());
    assertThat(system.getPdbAge()).isEqualTo(kernel.path("pdb").path("age").asInt());
    assertThat(system.getPdbName()).isEqualTo(kernel.path("pdb").path("pdb").asText());
    assertThat(system.getKernelBase()).isEqualTo(number(kernel.path("base_va")));
    assertThat(system.getDirectoryTableBase()).isEqualTo(number(kernel.path("cr3")));
    assertThat(system.getSelfMapIndex()).isEqualTo(kernel.path("self_map_index").asInt());
    assertThat(system.getGuestTime()).isEqualTo(number(truth.path("system_time")));
  }

  /** Every fact of a process that the truth has, in one line for readable differences. */
  private static String line(JsonNode truth, List<View> views) {
    return line(
        number(truth.path("pid")),
        number(truth.path("ppid")),
        truth.path("image_file_name").asText(),
        number(truth.path("create_time")),
        number(truth.path("exit_time")),
        number(truth.path("dtb")),
        number(truth.path("eprocess_va")),
        number(truth.path("eprocess_gpa")),
        views);
  }

  private static String line(ProcessFinding process) {
    return line(
        process.getPid(),
        process.getParentPid(),
        process.getImageName(),
        process.getCreateTime(),
        process.getExitTime() == null ? 0 : process.getExitTime(),
        process.getDirectoryTableBase(),
        process.getObjectVa(),
        process.getObjectGpa(),
        process.getSeenBy());
  }

  private static String line(
      long pid,
      long parent,
      String name,
      long created,
      long exited,
      long root,
      long va,
      long gpa,
      List<View> views) {
    return "%d %d %s %d %d 0x%x 0x%x 0x%x %s"
        .formatted(pid, parent, name, created, exited, root, va, gpa, views);
  }

  /** Truth has addresses as unsigned decimals. */
  private static long number(JsonNode json) {
    return json.bigIntegerValue().longValue();
  }

  @Test
  void realPartialSnapshot_givesEveryProcessItHolds() throws IOException {
    JsonNode facts =
        new ObjectMapper().readTree(existing("win10-17763-partial").resolve("facts.json").toFile());

    Analysis analysis = analyze(TestMemory.elfCore(unpacked("win10-17763-partial", "snap.elf")));

    assertThat(analysis.status()).isEqualTo(CaptureStatus.DECODED);
    SystemFinding system = analysis.system().orElseThrow();
    assertThat(system.getBuild()).isEqualTo(17763);
    assertThat(system.getPdbGuid()).isEqualTo(facts.path("pdb").path("guid").asText());
    assertThat(system.getPdbAge()).isEqualTo(facts.path("pdb").path("age").asInt());
    assertThat(system.getKernelBase())
        .isEqualTo(Long.parseUnsignedLong(facts.at("/kdbg/KernBase").asText().substring(2), 16));
    assertThat(system.getSelfMapIndex()).isEqualTo(488);
    assertThat(system.getGuestTime()).isEqualTo(facts.at("/kuser/SystemTime_filetime").asLong());
    assertThat(system.getSymbolMatch()).isEqualTo(SymbolMatch.approximate);
    assertThat(system.getSymbolMatchReason()).contains("in no table").contains("build 17763");
    assertThat(analysis.activeList()).isEqualTo(ListStatus.incomplete);
    assertThat(analysis.activeListDetail().orElseThrow()).contains("page not captured");
    assertThat(names(analysis)).isEqualTo(names(facts));
  }

  private static Map<Long, String> names(Analysis analysis) {
    Map<Long, String> names = new TreeMap<>();
    for (ProcessFinding process : analysis.processes()) {
      names.put(
          process.getObjectGpa(),
          "%d %s 0x%x"
              .formatted(
                  process.getPid(), process.getImageName(), process.getDirectoryTableBase()));
    }
    return names;
  }

  private static Map<Long, String> names(JsonNode facts) {
    long falseMatch = Long.decode(facts.at("/known_false_match/gpa").asText());
    Map<Long, String> names = new TreeMap<>();
    for (JsonNode place : facts.path("eprocess_like")) {
      long gpa = Long.decode(place.path("gpa").asText());
      long root = Long.decode(place.path("dtb_field").asText()) & ~0xfffL;
      if (gpa != falseMatch) {
        names.put(
            gpa,
            "%d %s 0x%x".formatted(place.path("pid").asLong(), place.path("name").asText(), root));
      }
    }
    return names;
  }

  private static Analysis analyze(TestMemory memory) {
    return new WindowsAnalyzer().analyze(memory);
  }

  private static Path existing(String image) {
    Path images = IMAGES.resolve(image);
    assumeThat(images).as("no reference images: -Dramtide.images=%s", IMAGES).isDirectory();
    return images;
  }

  private Path unpacked(String image, String file) throws IOException {
    Path target = folder.resolve(file);
    try (InputStream packed = Files.newInputStream(existing(image).resolve(file + ".zst"));
        InputStream unpacked = new ZstdInputStream(new BufferedInputStream(packed))) {
      Files.copy(unpacked, target);
    }
    return target;
  }
}
