package io.ramtide.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.RegistryValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a guest that means harm has in its memory. */
class HostileRegistryTest {
  @TempDir private Path state;
  private Harness harness;
  private RegistryHarness registry;
  private SampleHive hive;

  @BeforeEach
  void open() {
    harness = new Harness(state);
    registry = new RegistryHarness(harness);
    hive = SampleHive.software();
  }

  @AfterEach
  void close() {
    assertThat(harness.rejected()).isEmpty();
    harness.close();
  }

  @Test
  void valuesWithoutEnd_areFollowedAsFarAsTheBound_andTheRestIsNeitherNewNorGone() {
    List<RegistryValue> values = hive.key("many", -500).getValueList();
    for (int i = 0; i < 10_000; i++) {
      values.add(SampleHive.value("v%05d".formatted(i), "REG_BINARY", new byte[] {1}).build());
    }
    registry.whole(1, 0, hive);
    values.remove(9_999);
    hive.value("many", "v00000", "REG_BINARY", new byte[] {2}, 30);
    registry.whole(2, 60, hive);
    assertThat(registry.events(2)).containsExactly("valueSet many [v00000] 01 -> 02");
  }

  @Test
  void otherValuesEachTime_doNotMakeAKeyGrow() {
    for (int capture = 1; capture <= 8; capture++) {
      List<RegistryValue> values = hive.key("grows", -500).getValueList();
      values.clear();
      hive.key("grows", -500).setValuesStatus("paged out");
      for (int i = 0; i < 3; i++) {
        String name = capture + "-" + i + "x".repeat(60_000);
        values.add(SampleHive.value(name, "REG_BINARY", new byte[1]).build());
      }
      registry.whole(capture, capture, hive);
    }
    assertThat(harness.largestState()).isLessThan(1 << 20);
  }

  @Test
  void depthWithoutEnd_isFollowedAsFarAsTheBound() {
    StringBuilder path = new StringBuilder("d");
    while (path.length() < 9_000) {
      hive.key(path.toString(), -500);
      path.append("\\d");
    }
    List<SpecificRecord> whole = hive.whole();
    registry.changed(1, 0, whole);
    registry.changed(2, 60, whole);
    assertThat(registry.events(2)).isEmpty();
    assertThat(harness.captures().get(1).getKeys()).isEqualTo(4097);
  }

  @Test
  void countsThatLie_proveNothing() {
    hive.key("a", -500);
    hive.key("a\\b", -500);
    registry.whole(1, 0, hive);
    for (int count : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      List<SpecificRecord> findings = new ArrayList<>(hive.whole());
      findings.remove(3);
      findings.set(2, hive.key("a", -500).setSubkeys(count).build());
      registry.changed(harness.captures().size() + 1L, 60, findings);
    }
    assertThat(harness.registryEvents()).isEmpty();
  }

  @Test
  void keysOfAHiveThatIsNotThere_areIgnored() {
    List<SpecificRecord> keys = hive.whole().subList(1, 2);
    registry.changed(1, 0, keys);
    assertThat(harness.captures().get(0).getKeys()).isZero();
    registry.whole(2, 60, hive);
    assertThat(harness.captures().get(1).getKeys()).isEqualTo(1);
  }

  @Test
  void keyToldTwice_isOne() {
    List<SpecificRecord> twice = new ArrayList<>(hive.whole());
    twice.addAll(twice.subList(1, twice.size()).stream().toList());
    registry.changed(1, 0, twice);
    registry.changed(2, 60, twice);
    assertThat(registry.events(2)).isEmpty();
    assertThat(harness.captures().get(1).getKeys()).isEqualTo(1);
  }
}
