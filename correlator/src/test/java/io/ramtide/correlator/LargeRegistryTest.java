package io.ramtide.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry as large as a workstation's hives are, in the stores that are really used. */
class LargeRegistryTest {
  private static final int KEYS = 20_000;
  private static final int PER_PARENT = 100;

  @TempDir private Path state;

  /** 100 keys each below keys that are right below the root. */
  private static SampleHive large() {
    SampleHive hive = SampleHive.software();
    for (int i = 0; i < KEYS; i++) {
      String parent = "Classes%05d".formatted(i / PER_PARENT);
      hive.key(parent, -1000);
      String key = parent + "\\{%08x}".formatted(i);
      for (int v = 0; v < 3; v++) {
        hive.key(key, -1000)
            .getValueList()
            .add(SampleHive.value("value" + v, "REG_BINARY", new byte[40 + v]).build());
      }
    }
    return hive;
  }

  @Test
  void fewChangesAmongManyKeys_areToldAndNoOthers() {
    try (Harness harness = new Harness(state, Correlator.topology())) {
      RegistryHarness registry = new RegistryHarness(harness);
      SampleHive hive = large();
      registry.whole(1, 0, hive);
      assertThat(harness.captures().get(0).getKeys()).isGreaterThan(KEYS);

      hive.delete("Classes00003\\{0000012d}", 70);
      hive.key("Classes00003\\new", 71);
      hive.value("Classes00100\\{00002711}", "value1", "REG_BINARY", new byte[] {1}, 72);
      registry.whole(2, 120, hive); // The scanner was restarted.
      registry.whole(3, 180);

      assertThat(registry.events(1)).isEmpty();
      assertThat(registry.events(2))
          .containsExactly(
              "keyDeleted Classes00003\\{0000012d}",
              "keyCreated Classes00003\\new",
              "valueSet Classes00100\\{00002711} [value1] %s -> 01".formatted("00".repeat(41)));
      assertThat(registry.events(3)).containsExactly("hiveUnloaded " + hive.hive.getPath());
      assertThat(harness.captures().get(2).getKeys()).isZero();
      assertThat(harness.rejected()).isEmpty();
    }
  }
}
