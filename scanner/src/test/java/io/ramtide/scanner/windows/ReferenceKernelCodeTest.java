package io.ramtide.scanner.windows;

import static io.ramtide.scanner.windows.ReferenceImage.number;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CallbackFinding;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.DriverFinding;
import io.ramtide.schemas.KernelModuleFinding;
import io.ramtide.schemas.SsdtFinding;
import io.ramtide.schemas.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Code in the kernel of the peer-confirmed images of -Dramtide.images, if that folder exists. */
class ReferenceKernelCodeTest {
  @TempDir Path folder;

  private final List<SpecificRecord> findings = new ArrayList<>();
  private Analysis analysis;

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void referenceImage_givesItsModulesAndNothingElse(String image) throws IOException {
    JsonNode truth = analyze(image, What.kernelModules).truth();

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
    assertThat(all(KernelModuleFinding.class))
        .allMatch(module -> module.getSeenBy().equals(List.of(View.moduleList, View.poolScan)));
    assertThat(analysis.coverage().get(0).getDetail()).isNull();
  }

  private static String line(String name, String path, long base, long size, long va, long gpa) {
    return "%s %s 0x%x 0x%x 0x%x 0x%x".formatted(name, path, base, size, va, gpa);
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void referenceImage_givesItsDriversAndNothingElse(String image) throws IOException {
    JsonNode truth = analyze(image, What.drivers).truth();

    List<String> expected = new ArrayList<>();
    for (JsonNode driver : truth.path("drivers")) {
      expected.add(
          line(
              driver.path("name").asText(),
              driver.path("service_key").asText(),
              number(driver.path("start")),
              number(driver.path("size")),
              number(driver.path("va")),
              number(driver.path("gpa"))));
    }
    assertThat(expected).hasSize(17);
    assertThat(
            all(DriverFinding.class).stream()
                .map(
                    driver ->
                        line(
                            driver.getName(),
                            driver.getServiceKey(),
                            driver.getStartVa(),
                            driver.getSize(),
                            driver.getObjectVa(),
                            driver.getObjectGpa())))
        .containsExactlyInAnyOrderElementsOf(expected);
    Map<Long, String> modules = new HashMap<>();
    truth
        .path("modules")
        .forEach(m -> modules.put(number(m.path("driver_object")), m.path("name").asText()));
    assertThat(all(DriverFinding.class))
        .allSatisfy(
            driver -> assertThat(driver.getModule()).isEqualTo(modules.get(driver.getObjectVa())));
  }

  @Test
  void realPartialSnapshot_givesEveryKernelModuleOfItsList() throws IOException {
    JsonNode facts = analyze("win10-17763-partial", What.kernelModules).facts();

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
    assertThat(all(KernelModuleFinding.class))
        .allMatch(module -> module.getSeenBy().equals(List.of(View.moduleList, View.poolScan)));
  }

  @ParameterizedTest
  @CsvSource({"win7sp1-reference, 401", "win10-19041-reference, 460"})
  void referenceImage_givesTheServicesThatThePeerGives(String image, int count) throws IOException {
    JsonNode peer = analyze(image, What.ssdt).volatility("ssdt");

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
    analyze(image, What.callbacks);

    assertThat(all(CallbackFinding.class)).isEmpty();
    assertThat(analysis.coverage().get(0).getStatus()).isEqualTo(CoverageStatus.incomplete);
    assertThat(analysis.coverage().get(0).getDetail())
        .contains("processCreate: 32 slots hold no pointer to a callback")
        .contains(
            "registry, bugCheck, bugCheckReason, ", ": its head holds zeros: it was never set up");
  }

  private ReferenceImage analyze(String name, What what) throws IOException {
    ReferenceImage image = ReferenceImage.open(name, folder);
    analysis = image.analyze(Set.of(what), findings::add);
    return image;
  }

  private <T> List<T> all(Class<T> type) {
    return findings.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Truth has addresses as unsigned decimals. */
  private static long number(JsonNode json) {
    return json.bigIntegerValue().longValue();
  }
}
