package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.windows.hive.Hive;
import io.ramtide.scanner.windows.hive.Hives;
import io.ramtide.scanner.windows.hive.regf.RegfFile;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.View;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hives of the peer-confirmed images. */
class ReferenceHivesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void hives_areThoseOfTheTruthAndNothingElse(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.open(image, folder);

    Hives found = HiveLook.at(reference.memory());

    assertThat(found.gaps()).isEmpty();
    List<String> told = new ArrayList<>();
    List<String> foundBlocks = new ArrayList<>();
    for (Hive hive : found.all()) {
      HiveFinding finding = hive.finding().build();
      assertThat(finding.getSeenBy()).containsExactly(View.poolScan, View.hiveList);
      assertThat(finding.getPathStatus()).isNull();
      assertThat(finding.getFileNameStatus()).isNull();
      assertThat(finding.getMissingBlocks()).as(finding.getMissingWhy()).isZero();
      told.add(
          told(
              hive.path(),
              finding.getFileName(),
              finding.getObjectVa(),
              finding.getObjectGpa(),
              finding.getRootCell(),
              finding.getStableLength(),
              finding.getVolatileLength()));
      for (int storage = 0; storage < 2; storage++) {
        for (int block = 0; block < hive.cells().blocks(storage); block++) {
          long gpa = hive.cells().gpa(storage, block).orElseThrow();
          foundBlocks.add(block(hive.path(), storage, block, gpa));
        }
      }
    }
    JsonNode truth = reference.truth().path("hives");
    List<String> hives = new ArrayList<>();
    List<String> blocks = new ArrayList<>();
    for (JsonNode hive : truth) {
      String path = hive.path("root_path").asText();
      hives.add(
          told(
              path,
              hive.path("file").textValue(),
              ReferenceImage.number(hive.path("cmhive_va")),
              ReferenceImage.number(hive.path("cmhive_gpa")),
              hive.path("root_cell").asLong(),
              hive.path("length_stable").asLong(),
              hive.path("length_volatile").asLong()));
      for (JsonNode block : hive.path("blocks")) {
        blocks.add(
            block(
                path,
                block.path("storage").asInt(),
                block.path("block").asInt(),
                ReferenceImage.number(block.path("gpa"))));
      }
    }
    assertThat(told).containsExactlyInAnyOrderElementsOf(hives);
    assertThat(foundBlocks).containsAll(blocks);
  }

  private static String told(
      String path, String file, long va, long gpa, long root, long stable, long vola) {
    return "%s file %s at 0x%x (0x%x) root %d, %d + %d"
        .formatted(path, file, va, gpa, root, stable, vola);
  }

  private static String block(String path, int storage, int block, long gpa) {
    return "%s %d/%d at 0x%x".formatted(path, storage, block, gpa);
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void exportedHives_areWhatHivexReads(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.open(image, folder);
    Map<String, Path> files = new HashMap<>();
    for (Hive hive : HiveLook.at(reference.memory()).all()) {
      Path file = folder.resolve(files.size() + ".hive");
      files.put(hive.path(), file);
      try (OutputStream out = Files.newOutputStream(file)) {
        assertThat(RegfFile.write(hive, out).replaced()).isEmpty();
      }
    }

    for (JsonNode hive : reference.truth().path("hives")) {
      String path = hive.path("root_path").asText();
      Set<String> read = Hivex.read(files.get(path));
      Set<String> expected = new TreeSet<>();
      for (JsonNode key : hive.path("keys")) {
        if (!key.path("volatile").asBoolean()) {
          String name = key.path("path").asText().replaceFirst("^\\\\", "");
          expected.add(Hivex.time(name, key.path("last_write").asLong()));
          for (JsonNode value : key.path("values")) {
            value(name, value, read, expected);
          }
        }
      }
      assertThat(Hivex.minus(expected, read)).as(path).isEmpty();
      assertThat(Hivex.minus(read, expected)).as(path).isEmpty();
    }
  }

  /** Of big values the truth has the SHA-256 only. */
  private static void value(String key, JsonNode value, Set<String> read, Set<String> expected) {
    String name = value.path("name").asText();
    int length = value.path("length").asInt();
    if (value.path("data_hex").isTextual()) {
      byte[] data = HexFormat.of().parseHex(value.path("data_hex").asText());
      expected.add(Hivex.value(key, name, value.path("type").asText(), data));
    } else if (Hivex.readsWhole(length)) {
      expected.add(
          "%s: %s=binary:%d bytes, sha256 %s"
              .formatted(key, name, length, value.path("data_sha256").asText()));
    } else {
      read.removeIf(line -> line.startsWith("%s: %s=".formatted(key, name)));
    }
  }
}
