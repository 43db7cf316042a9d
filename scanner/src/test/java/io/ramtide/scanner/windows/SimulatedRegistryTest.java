package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryValue;
import io.ramtide.testkit.GroundTruth;
import io.ramtide.testkit.GuestRegistry;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.truth.KeyTruth;
import io.ramtide.testkit.truth.RegistryValueTruth;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The registry of simulated guests, key by key and value by value. */
class SimulatedRegistryTest {
  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void keysAndValues_areTheTruth_noneMissingAndNoneMore(String build) {
    SimulatedCase guest = SimulatedCase.of(build);

    compare(guest.truth(), guest.found(RegistryKeyFinding.class).toList());

    assertThat(keys(guest.truth())).allMatch(KeyTruth::readable);
    assertThat(guest.coverage(What.registry).getStatus())
        .as(guest.coverage(What.registry).getDetail())
        .isEqualTo(CoverageStatus.complete);
  }

  @ParameterizedTest
  @ValueSource(ints = {7601, 9600, 14393, 17763, 19041, 22000})
  void pagesThatAreOut_hideWhatIsInThem_andNothingElse(int build) throws IOException {
    SimulatedGuest guest = SimulatedGuest.ofBuild(build, 4).ram(96L << 20).boot();
    GuestRegistry registry = guest.registry();
    registry.page("\\REGISTRY\\MACHINE\\SYSTEM", 0, 1, "pagefile");
    registry.page("\\REGISTRY\\MACHINE\\SOFTWARE", 0, 2, "absent");
    registry.page("\\REGISTRY\\MACHINE\\SOFTWARE", 0, 3, "transition");
    Path file = folder.resolve("ram.raw");
    guest.snapshot().writeRaw(file);
    List<SpecificRecord> findings = new ArrayList<>();

    Analysis analysis =
        new WindowsAnalyzer().analyze(TestMemory.raw(file), Set.of(What.registry), findings::add);

    GroundTruth truth = guest.truth();
    assertThat(keys(truth)).anyMatch(key -> !key.readable());
    compare(
        truth,
        findings.stream()
            .filter(RegistryKeyFinding.class::isInstance)
            .map(RegistryKeyFinding.class::cast)
            .toList());
    assertThat(analysis.coverage()).singleElement().asString().contains("paged out");
  }

  private static List<KeyTruth> keys(GroundTruth truth) {
    return truth.hives().stream().flatMap(hive -> hive.keys().stream()).toList();
  }

  static void compare(GroundTruth truth, List<RegistryKeyFinding> found) {
    List<KeyTruth> keys = keys(truth).stream().filter(KeyTruth::readable).toList();
    List<String> values = new ArrayList<>();
    for (KeyTruth key : keys) {
      key.values().stream()
          .filter(RegistryValueTruth::readable)
          .forEach(value -> values.add(line(key, value)));
    }

    assertThat(values).hasSizeGreaterThan(50);
    assertThat(found.stream().map(SimulatedRegistryTest::line))
        .containsExactlyInAnyOrderElementsOf(keys.stream().map(key -> line(key)).toList());
    assertThat(found.stream().flatMap(key -> key.getValueList().stream().map(v -> line(key, v))))
        .containsExactlyInAnyOrderElementsOf(values);
  }

  private static String line(KeyTruth key) {
    return "%s %d %s %d %s %s %s %x %x"
        .formatted(
            key.path(),
            key.lastWriteTime(),
            key.isVolatile(),
            key.subkeys(),
            key.className(),
            key.owner(),
            key.linkTarget(),
            key.cell(),
            key.cellGpa());
  }

  private static String line(RegistryKeyFinding key) {
    return "%s %d %s %d %s %s %s %x %x"
        .formatted(
            path(key),
            key.getLastWriteTime(),
            key.getVolatile$(),
            key.getSubkeys(),
            key.getClassName(),
            key.getOwner(),
            key.getLinkTarget(),
            key.getCell(),
            key.getCellGpa());
  }

  static String path(RegistryKeyFinding key) {
    return key.getKey().isEmpty() ? key.getHive() : key.getHive() + "\\" + key.getKey();
  }

  private static String line(KeyTruth key, RegistryValueTruth value) {
    return "%s %s %s %x %s"
        .formatted(
            key.path(),
            value.name(),
            value.type(),
            value.cell(),
            value.dataReadable() ? value.dataHex() : "not whole");
  }

  private static String line(RegistryKeyFinding key, RegistryValue value) {
    return "%s %s %s %x %s"
        .formatted(
            path(key),
            value.getName(),
            value.getType(),
            value.getCell(),
            value.getDataStatus() == null ? hex(value.getData()) : "not whole");
  }

  private static String hex(ByteBuffer data) {
    byte[] bytes = new byte[data.remaining()];
    data.get(data.position(), bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
