package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CallbackFinding;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.KernelModuleFinding;
import io.ramtide.schemas.SsdtFinding;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Code in the kernel of the peer-confirmed images of -Dramtide.images, if that folder exists. */
class ReferenceKernelCodeTest {
  private static final Path IMAGES =
      Path.of(System.getProperty("ramtide.images", "../../shared/images"));

  @TempDir Path folder;

  private final List<SpecificRecord> findings = new ArrayList<>();
  private Analysis analysis;

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void referenceImage_givesItsModulesAndNothingElse(String image) throws IOException {
    JsonNode truth = json(image, "truth.json");

    analyze(TestMemory.raw(unpacked(image, "ram.raw")), What.kernelModules);

    List<String> expected = new ArrayList<>();
    for (JsonNode module : truth.path("modules")) {
      expected.add(
          line(
              module.path("name").asText(),
              module.path("path").asText(),
              number(module.path("base")),
              number(module.path("size")),
              number(module.path("entry_va")),
              number(module.path("entry_gpa"))));
    }
    assertThat(
            all(KernelModuleFinding.class).stream()
                .map(
                    module ->
                        line(
                            module.getName(),
                            module.getPath(),
                            module.getBaseVa(),
                            module.getSize(),
                            module.getObjectVa(),
                            module.getObjectGpa())))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(analysis.coverage().get(0).getDetail()).isNull();
  }

  private static String line(String name, String path, long base, long size, long va, long gpa) {
    return "%s %s 0x%x 0x%x 0x%x 0x%x".formatted(name, path, base, size, va, gpa);
  }

  @Test
  void realPartialSnapshot_givesEveryKernelModuleOfItsList() throws IOException {
    JsonNode facts = json("win10-17763-partial", "facts.json");

    analyze(TestMemory.elfCore(unpacked("win10-17763-partial", "snap.elf")), What.kernelModules);

    List<String> expected = new ArrayList<>();
    for (JsonNode module : facts.at("/module_list_walk_forward/modules")) {
      expected.add(
          "%s %s %s"
              .formatted(
                  module.path("name").asText(),
                  module.path("base").asText(),
                  module.path("entry").asText()));
    }
    assertThat(expected).hasSize(198);
    assertThat(
            all(KernelModuleFinding.class).stream()
                .map(
                    module ->
                        "%s 0x%x 0x%x"
                            .formatted(module.getName(), module.getBaseVa(), module.getObjectVa())))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @ParameterizedTest
  @CsvSource({"win7sp1-reference, 401", "win10-19041-reference, 460"})
  void referenceImage_givesTheServicesThatThePeerGives(String image, int count) throws IOException {
    JsonNode peer = json(image, "peers/vol3.ssdt.json");

    analyze(TestMemory.raw(unpacked(image, "ram.raw")), What.ssdt);

    List<String> expected = new ArrayList<>();
    for (JsonNode service : peer) {
      // The peer prints the 48 bits of an address that are not repeated, and modules without .exe.
      expected.add(
          "%d 0x%x %s"
              .formatted(
                  service.path("Index").asInt(),
                  number(service.path("Address")) | -1L << 48,
                  service.path("Module").asText() + ".exe"));
    }
    assertThat(expected).hasSize(count);
    assertThat(
            all(SsdtFinding.class).stream()
                .map(
                    service ->
                        "%d 0x%x %s"
                            .formatted(
                                service.getIndex(), service.getAddress(), service.getModule())))
        .containsExactlyElementsOf(expected);
    assertThat(all(SsdtFinding.class)).allMatch(service -> service.getTable() == 0);
    String detail = analysis.coverage().get(0).getDetail();
    if (detail != null) {
      // Where an image has filler instead of the variable.
      assertThat(detail).startsWith("KeServiceDescriptorTableFilter").contains("is no table");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void referenceImage_hasNoCallbacks_andFillerWhereTheirListsShouldBe(String image)
      throws IOException {
    analyze(TestMemory.raw(unpacked(image, "ram.raw")), What.callbacks);

    assertThat(all(CallbackFinding.class)).isEmpty();
    assertThat(analysis.coverage().get(0).getStatus()).isEqualTo(CoverageStatus.incomplete);
    assertThat(analysis.coverage().get(0).getDetail())
        .contains("processCreate: 32 slots hold no pointer to a callback")
        .contains("registry: CallbackListHead: its head", "holds zeros");
  }

  private void analyze(TestMemory memory, What what) {
    analysis = new WindowsAnalyzer().analyze(memory, Set.of(what), findings::add);
  }

  private <T> List<T> all(Class<T> type) {
    return findings.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Truth has addresses as unsigned decimals. */
  private static long number(JsonNode json) {
    return json.bigIntegerValue().longValue();
  }

  private static JsonNode json(String image, String file) throws IOException {
    return new ObjectMapper().readTree(existing(image).resolve(file).toFile());
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
