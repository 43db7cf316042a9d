package io.ramtide.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.RegistryKeyFinding;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captures that show some pages of a key as they were, and others as they are. */
class RegistrySmearTest {
  @TempDir Path folder;
  private final SampleHive hive = SampleHive.software();
  private Harness harness;
  private RegistryHarness registry;

  @BeforeEach
  void open() {
    harness = new Harness(folder);
    registry = new RegistryHarness(harness);
    hive.key("Gone", -500);
    hive.key("Run", -500);
    registry.whole(1, 0, hive);
  }

  @AfterEach
  void close() {
    harness.close();
  }

  /** Cells that were free already when they were read, below a list that had them still. */
  private void captureWithout(long capture, double seconds, String... keys) {
    List<SpecificRecord> findings = hive.whole();
    for (String key : keys) {
      findings.removeIf(each -> isKey(each, key));
    }
    findings.replaceAll(
        each ->
            isKey(each, "")
                ? RegistryKeyFinding.newBuilder((RegistryKeyFinding) each)
                    .setSubkeysStatus("a cell is free")
                    .build()
                : each);
    registry.changed(capture, seconds, findings);
    assertThat(registry.events(capture)).isEmpty();
  }

  private static boolean isKey(SpecificRecord finding, String key) {
    return finding instanceof RegistryKeyFinding found && found.getKey().equals(key);
  }

  @Test
  void keyThatWasNotShown_isGone_whenTheListWithoutItComes() {
    captureWithout(2, 60, "Gone");
    hive.delete("Gone", 55);
    registry.changed(3, 120, hive.changed(2L, List.of("")));
    assertThat(registry.events(3)).containsExactly("keyDeleted Gone");
    assertThat(harness.registryEvents().get(0).getNotBefore()).isEqualTo(Samples.noon(0));
  }

  @Test
  void keyThatWasNotShown_isGone_withAllBelowIt_thoughAnotherCameInItsPlace() {
    hive.key("Gone\\Below", -500);
    registry.changed(2, 30, hive.changed(1L, List.of("Gone", "Gone\\Below")));
    captureWithout(3, 60, "Gone", "Gone\\Below");
    hive.delete("Gone", 55).key("New", 56);
    registry.changed(4, 120, hive.changed(3L, List.of("", "New")));
    assertThat(registry.events(4))
        .containsExactlyInAnyOrder("keyCreated New", "keyDeleted Gone", "keyDeleted Gone\\Below");
  }

  @Test
  void keyThatWasNotShown_isThere_asLongAsTheListCountsIt() {
    captureWithout(2, 60, "Gone");
    hive.key("", 100);
    registry.changed(3, 120, hive.changed(2L, List.of("")));
    assertThat(registry.events(3)).isEmpty();
    registry.changed(4, 180, hive.changed(3L, List.of("Gone")));
    assertThat(registry.events(4)).isEmpty();
  }

  @Test
  void valuesAndSubkeysOfANewKey_areNew_whenTheyComeLater() {
    hive.text("New", "Name", "x", 50).key("New\\Below", 51);
    List<SpecificRecord> early = hive.changed(1L, List.of("", "New"));
    early.replaceAll(
        each ->
            isKey(each, "New")
                ? RegistryKeyFinding.newBuilder((RegistryKeyFinding) each)
                    .setValueList(List.of())
                    .build()
                : each);
    registry.changed(2, 60, early);
    assertThat(registry.events(2)).containsExactly("keyCreated New");

    registry.changed(3, 120, hive.changed(2L, List.of("New", "New\\Below")));
    assertThat(registry.events(3))
        .containsExactlyInAnyOrder("valueSet New [Name] new -> 78000000", "keyCreated New\\Below");
  }
}
