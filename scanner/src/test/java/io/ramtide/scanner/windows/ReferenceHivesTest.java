package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.hive.Hive;
import io.ramtide.scanner.windows.hive.Hives;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hives of the peer-confirmed images. */
class ReferenceHivesTest {
  @TempDir Path folder;

  /** Looks at hives while their guest is there. */
  private static final class Look implements Decoder {
    private final List<String> hives = new ArrayList<>();
    private final List<String> blocks = new ArrayList<>();
    private List<String> gaps = List.of();

    @Override
    public Set<What> kinds() {
      return Set.of(What.hives);
    }

    @Override
    public void decode(Guest guest, List<GuestProcess> processes, FindingSink sink) {
      Hives found = Hives.of(guest, processes);
      gaps = found.gaps();
      for (Hive hive : found.all()) {
        HiveFinding finding = hive.finding().build();
        assertThat(finding.getSeenBy()).containsExactly(View.poolScan, View.hiveList);
        assertThat(finding.getPathStatus()).isNull();
        assertThat(finding.getFileNameStatus()).isNull();
        assertThat(finding.getMissingBlocks()).as(finding.getMissingWhy()).isZero();
        hives.add(
            "%s file %s at 0x%x (0x%x) root %d, %d + %d"
                .formatted(
                    finding.getPath(),
                    finding.getFileName(),
                    finding.getObjectVa(),
                    finding.getObjectGpa(),
                    finding.getRootCell(),
                    finding.getStableLength(),
                    finding.getVolatileLength()));
        for (int storage = 0; storage < 2; storage++) {
          for (int block = 0; block < hive.cells().blocks(storage); block++) {
            blocks.add(
                block(
                    finding.getPath(),
                    storage,
                    block,
                    hive.cells().gpa(storage, block).orElseThrow()));
          }
        }
      }
    }

    static String block(String path, int storage, int block, long gpa) {
      return "%s %d/%d at 0x%x".formatted(path, storage, block, gpa);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void hives_areThoseOfTheTruthAndNothingElse(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.open(image, folder);
    Look look = new Look();

    Analysis analysis =
        new WindowsAnalyzer(SymbolStore.shipped(), List.of(look))
            .analyze(reference.memory(), Set.of(What.hives), finding -> {});

    assertThat(analysis.coverage()).noneMatch(kind -> kind.getDetail() != null);
    assertThat(look.gaps).isEmpty();
    JsonNode truth = reference.truth().path("hives");
    List<String> hives = new ArrayList<>();
    List<String> blocks = new ArrayList<>();
    for (JsonNode hive : truth) {
      String path = hive.path("root_path").asText();
      hives.add(
          "%s file %s at 0x%x (0x%x) root %d, %d + %d"
              .formatted(
                  path,
                  hive.path("file").isNull() ? null : hive.path("file").asText(),
                  ReferenceImage.number(hive.path("cmhive_va")),
                  ReferenceImage.number(hive.path("cmhive_gpa")),
                  hive.path("root_cell").asLong(),
                  hive.path("length_stable").asLong(),
                  hive.path("length_volatile").asLong()));
      for (JsonNode block : hive.path("blocks")) {
        blocks.add(
            Look.block(
                path,
                block.path("storage").asInt(),
                block.path("block").asInt(),
                ReferenceImage.number(block.path("gpa"))));
      }
    }
    assertThat(look.hives).containsExactlyInAnyOrderElementsOf(hives);
    assertThat(look.blocks).containsAll(blocks);
  }
}
