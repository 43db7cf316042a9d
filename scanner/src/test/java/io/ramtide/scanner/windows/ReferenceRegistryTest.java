package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Registry of the peer-confirmed images. Of value {@code over} no two peers agree; here it is as in
 * the truth, by the rule of Windows itself: more than 16,344 bytes are in segments of 16,344.
 */
class ReferenceRegistryTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void keysAndValues_areTheTruth_noneMissingAndNoneMore(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.decoded(image, folder, What.hives, What.registry);
    List<String> keys = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (JsonNode hive : reference.truth().path("hives")) {
      for (JsonNode key : hive.path("keys")) {
        String path = path(key);
        keys.add(
            "%s | %s | %d %s %x"
                .formatted(
                    hive.path("root_path").asText(),
                    path,
                    key.path("last_write").asLong(),
                    key.path("volatile").asBoolean(),
                    key.path("cell").asLong()));
        for (JsonNode value : key.path("values")) {
          values.add(
              "%s | %s | %s %s %d %s %x"
                  .formatted(
                      hive.path("root_path").asText(),
                      path,
                      value.path("name").asText(),
                      value.path("type").asText(),
                      value.path("length").asLong(),
                      value.path("data_sha256").asText(),
                      value.path("cell").asLong()));
        }
      }
    }

    List<RegistryKeyFinding> found = reference.all(RegistryKeyFinding.class);

    assertThat(found.stream().map(ReferenceRegistryTest::line))
        .containsExactlyInAnyOrderElementsOf(keys);
    assertThat(found.stream().flatMap(key -> key.getValueList().stream().map(v -> line(key, v))))
        .containsExactlyInAnyOrderElementsOf(values);
    assertThat(found)
        .allMatch(key -> key.getSubkeysStatus() == null && key.getValuesStatus() == null)
        .allMatch(
            key -> key.getKeyStatus() == null && key.getValues() == key.getValueList().size());
    assertThat(values).anyMatch(value -> value.contains("| over REG_BINARY 16345"));
    assertThat(reference.analysis().coverage())
        .allMatch(coverage -> coverage.getStatus() == CoverageStatus.complete);
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void subkeyCounts_areThoseOfTheKeysBelow(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.decoded(image, folder, What.registry);
    List<RegistryKeyFinding> found = reference.all(RegistryKeyFinding.class);

    Map<String, Long> below =
        found.stream()
            .filter(key -> !key.getKey().isEmpty())
            .collect(
                Collectors.groupingBy(
                    key -> key.getHive() + "|" + parent(key.getKey()), Collectors.counting()));

    for (RegistryKeyFinding key : found) {
      assertThat((long) key.getSubkeys())
          .as(key.getHive() + "|" + key.getKey())
          .isEqualTo(below.getOrDefault(key.getHive() + "|" + key.getKey(), 0L));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void deletedKeys_whoseCellsAreFree_areNoKeys(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.decoded(image, folder, What.registry);
    List<String> deleted = new ArrayList<>();
    reference
        .truth()
        .path("hives")
        .forEach(
            hive ->
                hive.path("deleted_keys_in_free_cells")
                    .forEach(name -> deleted.add(name.asText())));

    assertThat(deleted).hasSize(2);
    assertThat(reference.all(RegistryKeyFinding.class))
        .noneMatch(key -> deleted.stream().anyMatch(key.getKey()::endsWith));
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void symbolicLink_leadsWhereItsValueSays(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.decoded(image, folder, What.registry);

    assertThat(reference.all(RegistryKeyFinding.class))
        .filteredOn(key -> key.getKey().equals("CurrentControlSet"))
        .extracting(RegistryKeyFinding::getLinkTarget)
        .containsExactly("\\Registry\\Machine\\System\\ControlSet001");
  }

  @Test
  void partialSnapshot_saysThatHivesAreOutOfReach() throws IOException {
    ReferenceImage reference =
        ReferenceImage.decoded("win10-17763-partial", folder, What.hives, What.registry);

    assertThat(reference.analysis().coverage())
        .allMatch(coverage -> coverage.getStatus() == CoverageStatus.incomplete)
        .allMatch(coverage -> coverage.getDetail() != null);
    assertThat(reference.all(HiveFinding.class))
        .allMatch(hive -> hive.getPathStatus() != null || hive.getPath() != null);
  }

  private static String path(JsonNode key) {
    String path = key.path("path").asText();
    return path.startsWith("\\") ? path.substring(1) : path;
  }

  private static String parent(String key) {
    return key.contains("\\") ? key.substring(0, key.lastIndexOf('\\')) : "";
  }

  private static String line(RegistryKeyFinding key) {
    return "%s | %s | %d %s %x"
        .formatted(
            key.getHive(), key.getKey(), key.getLastWriteTime(), key.getVolatile$(), key.getCell());
  }

  private static String line(RegistryKeyFinding key, RegistryValue value) {
    return "%s | %s | %s %s %d %s %x"
        .formatted(
            key.getHive(),
            key.getKey(),
            value.getName(),
            value.getType(),
            value.getLength(),
            sha256(value.getData()),
            value.getCell());
  }

  private static String sha256(ByteBuffer data) {
    if (data == null) {
      return "null";
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(data.duplicate());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
