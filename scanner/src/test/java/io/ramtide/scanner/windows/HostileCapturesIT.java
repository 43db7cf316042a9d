package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.windows.guest.KeyGlobs;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.registry.WatchList;
import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryKeyGone;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three captures of one memory: honest, attacked, honest again. Whoever follows what is told then
 * knows what a decoding of the last capture alone tells.
 */
class HostileCapturesIT {
  private static final Set<What> KINDS = Set.of(What.hives, What.registry, What.endpoints);
  private static final int MAX_ARENA = 64;

  /** Keys by the hive's VA and their path; and what is told anew in every capture. */
  private final Map<Long, Map<String, RegistryKeyFinding>> keys = new HashMap<>();

  private final Set<Object> others = new HashSet<>();

  static Stream<Arguments> attacks() {
    return Stream.of(7601, 19041)
        .flatMap(
            build ->
                Stream.of(HostileHives.all(), HostileRegistry.all(), HostileEndpoints.all())
                    .flatMap(all -> all)
                    .filter(attack -> attack.isFor(build))
                    .filter(attack -> attack.arenaMegabytes() <= MAX_ARENA)
                    .map(attack -> Arguments.of(build, attack.name(), attack)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("attacks")
  void attackBetweenHonestCaptures_leavesNothingBehind(
      int build, String name, HostileAttack attack) {
    HostileImage image = HostileImage.of(build, attack.arenaMegabytes());
    WindowsAnalyzer analyzer = new WindowsAnalyzer();
    follow(analyze(analyzer, image.memory(), FrameSet.ALL, 1));
    ByteBuffer honest = copy(image.memory());

    attack.write().accept(image);
    FrameSet attacked = changed(image.memory(), honest);
    follow(analyze(analyzer, image.memory(), attacked, 2));
    restore(image.memory(), honest, attacked);
    follow(analyze(analyzer, image.memory(), attacked, 3));

    HostileCapturesIT alone = new HostileCapturesIT();
    alone.follow(analyze(new WindowsAnalyzer(), image.memory(), FrameSet.ALL, 3));
    assertThat(keys).isEqualTo(alone.keys);
    assertThat(others).isEqualTo(alone.others);
    assertThat(alone.keys).isNotEmpty();
  }

  private static List<SpecificRecord> analyze(
      WindowsAnalyzer analyzer, TestMemory memory, FrameSet changed, long capture) {
    Request request =
        new Request(KINDS, KeyGlobs.ALL, WatchList.defaults(), OptionalLong.of(capture));
    List<SpecificRecord> findings = new ArrayList<>();
    analyzer.analyze(memory, changed, request, findings::add);
    return findings;
  }

  /** As the schemas have it. */
  private void follow(List<SpecificRecord> findings) {
    others.clear();
    Set<Long> hives = new HashSet<>();
    for (SpecificRecord finding : findings) {
      if (finding instanceof HiveFinding hive) {
        hives.add(hive.getObjectVa());
        Map<String, RegistryKeyFinding> known =
            keys.computeIfAbsent(hive.getObjectVa(), va -> new HashMap<>());
        if (hive.getKeysSince() == null) {
          known.clear();
        }
        others.add(List.of(hive.getPath(), hive.getSeenBy(), hive.getMissingBlocks()));
      } else if (finding instanceof RegistryKeyFinding key) {
        keys.get(key.getHiveVa()).put(key.getKey(), key);
      } else if (finding instanceof RegistryKeyGone gone) {
        String below = gone.getKey() + "\\";
        keys.get(gone.getHiveVa())
            .keySet()
            .removeIf(key -> key.equals(gone.getKey()) || key.startsWith(below));
      } else if (finding instanceof EndpointFinding) {
        others.add(finding);
      }
    }
    keys.keySet().retainAll(hives);
  }

  private static ByteBuffer copy(TestMemory memory) {
    long bytes = memory.ram().get(0).length();
    ByteBuffer copy = ByteBuffer.allocateDirect((int) bytes);
    for (long gpa = 0; gpa < bytes; gpa += PhysicalMemory.FRAME_BYTES) {
      copy.put(memory.frame(gpa).orElseThrow());
    }
    return copy;
  }

  private static FrameSet changed(TestMemory memory, ByteBuffer before) {
    FrameSet.Builder changed = new FrameSet.Builder(1 << 20);
    for (int gpa = 0; gpa < before.capacity(); gpa += PhysicalMemory.FRAME_BYTES) {
      ByteBuffer frame = before.slice(gpa, PhysicalMemory.FRAME_BYTES);
      if (memory.frame(gpa).orElseThrow().mismatch(frame) >= 0) {
        changed.add(gpa / PhysicalMemory.FRAME_BYTES, 1);
      }
    }
    return changed.build();
  }

  private static void restore(TestMemory memory, ByteBuffer before, FrameSet changed) {
    byte[] frame = new byte[PhysicalMemory.FRAME_BYTES];
    for (int gpa = 0; gpa < before.capacity(); gpa += PhysicalMemory.FRAME_BYTES) {
      if (changed.contains(gpa)) {
        before.get(gpa, frame);
        memory.put(gpa, frame);
      }
    }
  }
}
