package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.windows.guest.KeyGlobs;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryKeyGone;
import io.ramtide.testkit.GuestRegistry;
import io.ramtide.testkit.SimulatedGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a scanner told of all captures of a guest, put together, is the registry as it is now. */
class SimulatedRegistryChangesTest {
  private static final int FRAME = PhysicalMemory.FRAME_BYTES;
  private static final String RUN =
      "\\REGISTRY\\MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run";
  private static final String ACME = "\\REGISTRY\\MACHINE\\SOFTWARE\\Acme";

  @TempDir Path folder;

  private final WindowsAnalyzer analyzer = new WindowsAnalyzer();
  private final Map<String, RegistryKeyFinding> known =
      new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private byte[] ram = {};
  private TestMemory memory;

  @ParameterizedTest
  @ValueSource(ints = {7601, 9600, 14393, 17763, 19041, 22000})
  void keysToldOfTwoCaptures_areTheTruth(int build) throws IOException {
    SimulatedGuest guest = SimulatedGuest.ofBuild(build, 6).ram(96L << 20).boot();
    GuestRegistry registry = guest.registry();
    registry.createKey(ACME + "\\Old\\Below");
    registry.setText(ACME, "kept", "as it is");
    registry.setText(ACME, "gone", "soon");
    List<SpecificRecord> first = capture(guest, 1);
    assertThat(hives(first)).allMatch(hive -> hive.getKeysSince() == null);

    registry.setText(RUN, "updchk", "C:\\Users\\Public\\updchk.exe");
    registry.deleteValue(ACME, "gone");
    registry.setValue(ACME, "big", "REG_BINARY", new byte[20_000]);
    registry.deleteKey(ACME + "\\Old\\Below");
    registry.deleteKey(ACME + "\\Old");
    registry.createVolatileKey(ACME + "\\Now");
    List<SpecificRecord> second = capture(guest, 2);

    SimulatedRegistryTest.compare(guest.truth(), List.copyOf(known.values()));
    assertThat(hives(second)).hasSameSizeAs(hives(first)).allMatch(h -> h.getKeysSince() == 1L);
    assertThat(second.stream().filter(RegistryKeyGone.class::isInstance)).isNotEmpty();
    assertThat(second.size()).isLessThan(first.size() / 4);
  }

  private static List<HiveFinding> hives(List<SpecificRecord> findings) {
    return findings.stream()
        .filter(HiveFinding.class::isInstance)
        .map(HiveFinding.class::cast)
        .toList();
  }

  private List<SpecificRecord> capture(SimulatedGuest guest, long number) throws IOException {
    Path file = folder.resolve("ram.raw");
    guest.snapshot().writeRaw(file);
    FrameSet changed = put(Files.readAllBytes(file));
    Files.delete(file);
    Set<What> kinds = Set.of(What.hives, What.registry);
    Request request = new Request(kinds, KeyGlobs.ALL, KeyGlobs.NONE, OptionalLong.of(number));
    List<SpecificRecord> findings = new ArrayList<>();
    analyzer.analyze(memory, changed, request, findings::add);
    findings.forEach(this::take);
    return findings;
  }

  /** Makes the memory what it is now; frames that changed. */
  private FrameSet put(byte[] now) {
    if (memory == null) {
      memory = TestMemory.ofSize(now.length);
      memory.put(0, now);
      ram = now;
      return FrameSet.ALL;
    }
    FrameSet.Builder changed = new FrameSet.Builder(now.length / FRAME);
    for (int at = 0; at < now.length; at += FRAME) {
      if (!Arrays.equals(ram, at, at + FRAME, now, at, at + FRAME)) {
        memory.put(at, Arrays.copyOfRange(now, at, at + FRAME));
        changed.add(at / FRAME, 1);
      }
    }
    ram = now;
    return changed.build();
  }

  private void take(SpecificRecord finding) {
    if (finding instanceof RegistryKeyFinding key) {
      known.put(SimulatedRegistryTest.path(key), key);
    } else if (finding instanceof RegistryKeyGone gone) {
      String path = gone.getHive() + "\\" + gone.getKey();
      known.keySet().removeIf(key -> key.equals(path) || key.startsWith(path + "\\"));
    }
  }
}
