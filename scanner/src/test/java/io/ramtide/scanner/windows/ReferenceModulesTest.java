package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.ModuleFinding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Modules of processes in the peer-confirmed images, against their truth and the peers' answers.
 */
class ReferenceModulesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"win7sp1-reference, 352", "win10-19041-reference, 389"})
  void referenceImage_givesItsModulesAndNothingElse(String image, int count) throws IOException {
    ReferenceImage reference = ReferenceImage.decoded(image, folder, What.modules);
    List<ModuleFinding> found = reference.all(ModuleFinding.class);

    assertThat(found).hasSize(count);
    assertThat(found.stream().map(ReferenceModulesTest::truthLine))
        .containsExactlyInAnyOrderElementsOf(truth(reference.json("truth.json")));
    assertThat(found.stream().map(ReferenceModulesTest::peerLine))
        .containsExactlyInAnyOrderElementsOf(
            ldrmodules(reference.json("peers/vol3.ldrmodules.json")));
    assertThat(reference.analysis().coverage().get(0).getDetail())
        .isEqualTo("1 of them not read whole (1x paged out)");
  }

  private static List<String> truth(JsonNode truth) {
    List<String> lines = new ArrayList<>();
    for (JsonNode process : truth.path("processes")) {
      for (JsonNode module : process.path("modules")) {
        boolean isLost = module.path("name_paging").asText().equals("pagefile");
        lines.add(
            "%d 0x%x 0x%x %d %s"
                .formatted(
                    process.path("pid").asLong(),
                    module.path("base").asLong(),
                    module.path("size").asLong(),
                    module.path("load_time").asLong(),
                    isLost
                        ? "null null paged out paged out"
                        : "%s %s null null"
                            .formatted(
                                module.path("name").asText(), module.path("path").asText())));
      }
    }
    return lines;
  }

  private static String truthLine(ModuleFinding module) {
    return "%d 0x%x 0x%x %d %s %s %s %s"
        .formatted(
            module.getPid(),
            module.getBaseVa(),
            module.getSize(),
            module.getLoadTime(),
            module.getName(),
            module.getPath(),
            module.getNameStatus(),
            module.getPathStatus());
  }

  private static List<String> ldrmodules(JsonNode rows) {
    List<String> lines = new ArrayList<>();
    for (JsonNode row : rows) {
      lines.add(
          "%d 0x%x %s %s %s %s"
              .formatted(
                  row.path("Pid").asLong(),
                  row.path("Base").asLong(),
                  row.path("InLoad").asText(),
                  row.path("InInit").asText(),
                  row.path("InMem").asText(),
                  row.path("MappedPath").asText()));
    }
    return lines;
  }

  private static String peerLine(ModuleFinding module) {
    return "%d 0x%x %s %s %s %s"
        .formatted(
            module.getPid(),
            module.getBaseVa(),
            module.getInLoad(),
            module.getInInit(),
            module.getInMemory(),
            module.getMappedFile());
  }
}
