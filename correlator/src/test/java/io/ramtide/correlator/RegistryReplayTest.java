package io.ramtide.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random changes between captures, told whole or as changes: exactly they come out again. */
class RegistryReplayTest {
  private static final int CAPTURES = 25;
  private static final int CHANGES = 12;

  @TempDir private Path state;

  private final SampleHive hive = SampleHive.software();
  private final Set<String> touched = new TreeSet<>();
  private final List<String> gone = new ArrayList<>();
  private int names;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void randomChanges_areToldExactly(long seed) {
    Random random = new Random(seed);
    try (Harness harness = new Harness(state)) {
      RegistryHarness registry = new RegistryHarness(harness);
      for (int i = 0; i < 40; i++) {
        change(random, -100);
      }
      registry.whole(1, 0, hive);
      assertThat(registry.events(1)).isEmpty();
      for (int capture = 2; capture <= CAPTURES; capture++) {
        Map<String, Map<String, String>> before = hive.content();
        touched.clear();
        gone.clear();
        for (int i = 0; i < random.nextInt(CHANGES); i++) {
          change(random, 60.0 * (capture - 1) - 30);
        }
        boolean isWhole = random.nextInt(4) == 0;
        registry.capture(
            capture, 60.0 * (capture - 1), List.of(isWhole ? hive.whole() : changes(capture - 1L)));
        assertThat(registry.events(capture))
            .as("capture %d of seed %d", capture, seed)
            .containsExactlyInAnyOrderElementsOf(expected(before, hive.content()));
        assertThat(harness.captures().get(capture - 1).getKeys()).isEqualTo(hive.content().size());
      }
      assertThat(harness.rejected()).isEmpty();
    }
  }

  private List<SpecificRecord> changes(long since) {
    touched.retainAll(hive.content().keySet());
    List<SpecificRecord> findings = new ArrayList<>(hive.changed(since, touched));
    gone.forEach(path -> findings.add(hive.gone(path)));
    return findings;
  }

  private void change(Random random, double written) {
    List<String> paths = List.copyOf(hive.content().keySet());
    String path = paths.get(random.nextInt(paths.size()));
    touched.add(path);
    switch (random.nextInt(6)) {
      case 0, 1 -> {
        String child = (path.isEmpty() ? "" : path + "\\") + "k" + " !".repeat(names % 2) + names++;
        hive.key(child, written);
        hive.key(path, written);
        touched.add(child);
      }
      case 2 -> {
        if (!path.isEmpty()) {
          hive.delete(path, written);
          touched.add(path.substring(0, Math.max(0, path.lastIndexOf('\\'))));
          gone.add(path);
        }
      }
      case 3 -> hive.removeValue(path, "v" + random.nextInt(3), written);
      default -> {
        byte[] data = new byte[1 + random.nextInt(3)];
        random.nextBytes(data);
        hive.value(path, "v" + random.nextInt(3), "REG_BINARY", data, written);
      }
    }
  }

  private static List<String> expected(
      Map<String, Map<String, String>> before, Map<String, Map<String, String>> after) {
    List<String> expected = new ArrayList<>();
    before.keySet().stream()
        .filter(path -> !after.containsKey(path))
        .forEach(path -> expected.add("keyDeleted " + path));
    after.forEach(
        (path, values) -> {
          Map<String, String> old = before.getOrDefault(path, Map.of());
          if (!before.containsKey(path)) {
            expected.add("keyCreated " + path);
          }
          values.forEach(
              (name, data) -> {
                if (!data.equals(old.get(name))) {
                  String was = old.getOrDefault(name, "new");
                  expected.add("valueSet %s [%s] %s -> %s".formatted(path, name, was, data));
                }
              });
          old.forEach(
              (name, data) -> {
                if (!values.containsKey(name)) {
                  expected.add("valueDeleted %s [%s] %s".formatted(path, name, data));
                }
              });
        });
    return expected;
  }
}
