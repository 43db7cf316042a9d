package io.ramtide.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryEcsTest {
  @TempDir private Path state;
  private Harness harness;
  private RegistryHarness registry;
  private SampleHive hive;

  @BeforeEach
  void open() {
    harness = new Harness(state);
    registry = new RegistryHarness(harness);
    hive = SampleHive.software();
    hive.text("Run", "Updater", "good.exe", -500);
    registry.whole(1, 0, hive);
  }

  @AfterEach
  void close() {
    harness.close();
  }

  private JsonNode only() {
    registry.whole(2, 60, hive);
    assertThat(harness.siem()).hasSize(1);
    return harness.siem().get(0);
  }

  private static void has(JsonNode document, String pointer, String value) {
    assertThat(document.at(pointer).asText()).as(pointer).isEqualTo(value);
  }

  private static void hasNot(JsonNode document, String pointer) {
    assertThat(document.at(pointer).isMissingNode()).as(pointer + " is absent").isTrue();
  }

  @Test
  void changedValue_isAChangeWithNewAndOldData() {
    hive.text("Run", "Updater", "evil.exe", 30).key("Run", 30).setWatched(true);
    JsonNode document = only();
    has(document, "/@timestamp", "2026-01-02T12:00:30.0000000Z");
    has(document, "/message", "Value HKLM\\SOFTWARE\\Run\\Updater was set to evil.exe");
    has(document, "/event/kind", "event");
    has(document, "/event/category/0", "registry");
    has(document, "/event/type/0", "change");
    has(document, "/event/action", "registry-value-set");
    has(document, "/event/dataset", "ramtide.registry");
    assertThat(document.at("/event/id").asText()).matches("[0-9a-f]{32}");
    hasNot(document, "/event/start");
    has(document, "/registry/hive", "HKLM");
    has(document, "/registry/key", "SOFTWARE\\Run");
    has(document, "/registry/path", "HKLM\\SOFTWARE\\Run\\Updater");
    has(document, "/registry/value", "Updater");
    has(document, "/registry/data/type", "REG_SZ");
    has(document, "/registry/data/strings/0", "evil.exe");
    has(document, "/registry/data/bytes", "ZQB2AGkAbAAuAGUAeABlAAAA");
    has(document, "/ramtide/registry/old_data/strings/0", "good.exe");
    has(document, "/ramtide/registry/watched", "true");
    has(document, "/ramtide/registry/last_write_time", "2026-01-02T12:00:30.0000000Z");
    has(document, "/host/os/kernel", "7601");
    has(document, "/ramtide/seen_by/0", "hiveList");
  }

  @Test
  void newValue_isACreation() {
    hive.value("Run", "", "REG_DWORD", new byte[] {(byte) 0xff, (byte) 0xff, -1, -1}, 30);
    JsonNode document = only();
    has(document, "/event/type/0", "creation");
    has(document, "/registry/path", "HKLM\\SOFTWARE\\Run\\(Default)");
    has(document, "/registry/value", "");
    has(document, "/registry/data/strings/0", "4294967295");
    hasNot(document, "/ramtide/registry/old_data");
  }

  @Test
  void multiSz_isAListOfStrings() {
    hive.value("Run", "m", "REG_MULTI_SZ", SampleHive.utf16("a\0b\u001b\0\0"), 30);
    JsonNode strings = only().at("/registry/data/strings");
    assertThat(List.of(strings.get(0).asText(), strings.get(1).asText()))
        .containsExactly("a", "b\ufffd");
    assertThat(strings).hasSize(2);
  }

  @Test
  void dataThatIsNoTextOfItsType_isBytesOnly() {
    hive.value("Run", "q", "REG_QWORD", new byte[] {1, 2, 3}, 30);
    hasNot(only(), "/registry/data/strings");
  }

  @Test
  void longData_isCutAndSaysItsLength() {
    hive.value("Run", "l", "REG_BINARY", new byte[5000], 30);
    has(only(), "/ramtide/registry/data_length", "5000");
  }

  @Test
  void deletedValue_andDeletedKey_areDeletions() {
    hive.removeValue("Run", "Updater", 30);
    has(only(), "/event/action", "registry-value-deleted");
    hive.delete("Run", 70);
    registry.whole(3, 120, hive);
    JsonNode document = harness.siem().get(1);
    has(document, "/event/type/0", "deletion");
    has(document, "/event/action", "registry-key-deleted");
    has(document, "/registry/path", "HKLM\\SOFTWARE\\Run");
    has(document, "/event/start", "2026-01-02T12:01:00.0000000Z");
    has(document, "/event/end", "2026-01-02T12:02:00.0000000Z");
    hasNot(document, "/registry/data");
  }

  @Test
  void hivesOfUsers_areHku_andOthersHaveNoAbbreviation() {
    SampleHive user = new SampleHive(0xffff_f8a0_0100_0000L, "\\REGISTRY\\USER\\S-1-5-21-1");
    SampleHive app = new SampleHive(0xffff_f8a0_0200_0000L, "\\REGISTRY\\A\\{1}");
    registry.whole(2, 60, hive, user, app);
    has(harness.siem().get(0), "/registry/path", "\\REGISTRY\\A\\{1}");
    hasNot(harness.siem().get(0), "/registry/hive");
    has(harness.siem().get(1), "/registry/hive", "HKU");
    has(harness.siem().get(1), "/registry/key", "S-1-5-21-1");
    has(harness.siem().get(1), "/event/action", "registry-hive-loaded");
    has(harness.siem().get(1), "/event/type/0", "change");
  }
}
