package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hives that other tools list and scan for. */
class ReferenceHivePeersTest {
  @TempDir Path folder;

  /** As Volatility 3 prints the address of a hive: without its top 16 bits. */
  static long offset(long va) {
    return va & 0xffff_ffff_ffffL;
  }

  /** The name that the Volatilities give a hive; theirs for the master hive, which has no name. */
  static String nameIn(HiveFinding hive, String master) {
    if (hive.getFileFullPath() != null) {
      return hive.getFileFullPath();
    }
    return hive.getPath().equals("\\REGISTRY") ? master : hive.getPath();
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void hives_areThoseVolatility3Lists(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.open(image, folder);
    List<String> expected = new ArrayList<>();
    for (JsonNode row : reference.volatility("registry.hivelist")) {
      expected.add(
          "%x %s".formatted(row.path("Offset").asLong(), row.path("FileFullPath").asText()));
    }

    assertThat(reference.findings(What.hives, HiveFinding.class))
        .extracting(hive -> "%x %s".formatted(offset(hive.getObjectVa()), nameIn(hive, "")))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  /** Its scan also gives places in pages of text that happen to have the tag. */
  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void hives_areThoseVolatility3ScansFor_butForItsHitsInText(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.open(image, folder);
    Set<Long> text =
        StreamSupport.stream(reference.truth().path("decoys").spliterator(), false)
            .filter(decoy -> decoy.path("kind").asText().equals("text"))
            .map(decoy -> decoy.path("gpa").asLong())
            .collect(Collectors.toSet());
    boolean isPhysical = image.startsWith("win7");
    List<Long> expected = new ArrayList<>();
    for (JsonNode row : reference.volatility("registry.hivescan")) {
      long offset = row.path("Offset").asLong();
      if (!isPhysical || !text.contains(offset & -4096)) {
        expected.add(offset);
      }
    }

    assertThat(reference.findings(What.hives, HiveFinding.class))
        .allMatch(hive -> hive.getSeenBy().contains(View.poolScan))
        .extracting(hive -> ReferenceImage.offset(image, hive.getObjectVa(), hive.getObjectGpa()))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void hives_areThoseVolatility2ListsAndScansFor() throws IOException {
    ReferenceImage reference = ReferenceImage.open("win7sp1-reference", folder);
    List<String> listed = new ArrayList<>();
    for (JsonNode row : reference.json("peers/vol2.hivelist.json").path("rows")) {
      listed.add(
          "%x %x %s"
              .formatted(
                  ReferenceImage.number(row.path(0)), row.path(1).asLong(), row.path(2).asText()));
    }
    List<String> scanned =
        reference
            .text("peers/vol2.hivescan.txt")
            .lines()
            .filter(line -> line.startsWith("0x"))
            .toList();

    List<HiveFinding> found = reference.findings(What.hives, HiveFinding.class);

    assertThat(found)
        .extracting(
            hive ->
                "%x %x %s"
                    .formatted(hive.getObjectVa(), hive.getObjectGpa(), nameIn(hive, "[no name]")))
        .containsExactlyInAnyOrderElementsOf(listed);
    assertThat(found)
        .extracting(hive -> "0x%016x".formatted(hive.getObjectGpa()))
        .containsExactlyInAnyOrderElementsOf(scanned);
  }

  /** It names hives by the last part of their file, and has no name for those without one. */
  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void hives_areThoseMemProcFsGives(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.open(image, folder);
    List<String> expected = new ArrayList<>();
    for (JsonNode hive : reference.json("peers/memprocfs.json").path("hives")) {
      expected.add(
          "%x %s"
              .formatted(
                  ReferenceImage.number(hive.path("addr")), hive.path("name_short").asText()));
    }

    assertThat(reference.findings(What.hives, HiveFinding.class))
        .extracting(
            hive ->
                "%x %s"
                    .formatted(
                        hive.getObjectVa(),
                        hive.getFileName() == null
                            ? ""
                            : hive.getFileName()
                                .substring(hive.getFileName().lastIndexOf('\\') + 1)))
        .containsExactlyInAnyOrderElementsOf(expected);
  }
}
