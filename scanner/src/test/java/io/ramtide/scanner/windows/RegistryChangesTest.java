package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.windows.guest.KeyGlobs;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.registry.WatchList;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryValue;
import io.ramtide.testkit.SimulatedGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captures of one memory, one after the other: the registry costs and tells what changed. */
class RegistryChangesTest {
  private static final FrameSet NONE = new FrameSet(false, List.of());

  private final WindowsAnalyzer analyzer = new WindowsAnalyzer();
  private final List<SpecificRecord> findings = new ArrayList<>();
  private TestMemory memory;
  private RegistryKeyFinding key;
  private RegistryValue number;

  @BeforeEach
  void firstCapture(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("ram.raw");
    SimulatedGuest.ofBuild(19041, 5).ram(96L << 20).boot().snapshot().writeRaw(file);
    byte[] ram = Files.readAllBytes(file);
    memory = TestMemory.ofSize(ram.length);
    memory.put(0, ram);
    analyze(1, FrameSet.ALL, Set.of(What.hives, What.registry));
    for (RegistryKeyFinding each : found(RegistryKeyFinding.class)) {
      for (RegistryValue value : each.getValueList()) {
        if (value.getType().equals("REG_DWORD") && each.getWatched()) {
          key = each;
          number = value;
        }
      }
    }
    assertThat(found(HiveFinding.class)).allMatch(hive -> hive.getKeysSince() == null);
  }

  private void analyze(long capture, FrameSet changed, Set<What> kinds) {
    findings.clear();
    Request request =
        new Request(kinds, KeyGlobs.ALL, WatchList.defaults(), OptionalLong.of(capture));
    analyzer.analyze(memory, changed, request, findings::add);
  }

  private void analyze(long capture, FrameSet changed) {
    analyze(capture, changed, Set.of(What.hives, What.registry));
  }

  private <T> List<T> found(Class<T> type) {
    return findings.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Changes the number behind Windows' back; its bytes are in the value's own cell. */
  private FrameSet change() {
    long gpa = number.getCellGpa() + 8;
    memory.putInt(gpa, memory.frame(gpa & -4096).orElseThrow().getInt((int) gpa & 4095) + 1);
    return NONE.with(gpa / PhysicalMemory.FRAME_BYTES, 1);
  }

  @Test
  void nothingChanged_tellsTheHivesAlone() {
    analyze(2, NONE);

    assertThat(found(HiveFinding.class)).isNotEmpty().allMatch(hive -> hive.getKeysSince() == 1);
    assertThat(found(RegistryKeyFinding.class)).isEmpty();
  }

  @Test
  void oneValueChanged_tellsItsKey() {
    analyze(2, change());

    assertThat(found(RegistryKeyFinding.class))
        .extracting(RegistryKeyFinding::getHive, RegistryKeyFinding::getKey)
        .containsExactly(tuple(key.getHive(), key.getKey()));
    assertThat(found(HiveFinding.class)).allMatch(hive -> hive.getKeysSince() == 1);
  }

  @Test
  void analysisWithoutTheRegistry_makesTheNextTellAll() {
    analyze(2, change(), Set.of(What.drivers));

    analyze(3, NONE);

    assertThat(found(HiveFinding.class)).allMatch(hive -> hive.getKeysSince() == null);
    assertThat(found(RegistryKeyFinding.class)).hasSizeGreaterThan(100);
  }

  @Test
  void analysisThatFailed_makesTheNextTellAll() {
    FrameSet changed = change();
    Request request =
        new Request(Set.of(What.registry), KeyGlobs.ALL, WatchList.defaults(), OptionalLong.of(2));
    assertThatThrownBy(
            () ->
                analyzer.analyze(
                    memory,
                    changed,
                    request,
                    finding -> {
                      throw new IllegalStateException("cannot be delivered");
                    }))
        .hasMessage("cannot be delivered");

    analyze(3, NONE);

    assertThat(found(HiveFinding.class)).allMatch(hive -> hive.getKeysSince() == null);
  }
}
