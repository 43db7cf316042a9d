package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryValue;
import io.ramtide.testkit.truth.HiveTruth;
import io.ramtide.testkit.truth.KeyTruth;
import io.ramtide.testkit.truth.RegistryValueTruth;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The registry of simulated guests, key by key and value by value. */
class SimulatedRegistryTest {
  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void keys_areTheTruth_noneMissingAndNoneMore(String build) {
    SimulatedCase guest = SimulatedCase.of(build);
    List<String> expected = new ArrayList<>();
    for (HiveTruth hive : guest.truth().hives()) {
      hive.keys().stream().filter(KeyTruth::readable).forEach(key -> expected.add(line(key)));
    }

    assertThat(expected).hasSizeGreaterThan(100);
    assertThat(guest.found(RegistryKeyFinding.class).map(SimulatedRegistryTest::line))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void values_areTheTruth_noneMissingAndNoneMore(String build) {
    SimulatedCase guest = SimulatedCase.of(build);
    List<String> expected = new ArrayList<>();
    boolean isWhole = true;
    for (HiveTruth hive : guest.truth().hives()) {
      for (KeyTruth key : hive.keys()) {
        isWhole &= key.readable();
        for (RegistryValueTruth value : key.values()) {
          isWhole &= value.dataReadable();
          if (key.readable() && value.readable()) {
            expected.add(line(key, value));
          }
        }
      }
    }

    assertThat(expected).hasSizeGreaterThan(100);
    assertThat(
            guest
                .found(RegistryKeyFinding.class)
                .flatMap(key -> key.getValueList().stream().map(value -> line(key, value))))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(guest.coverage(What.registry).getStatus())
        .isEqualTo(isWhole ? CoverageStatus.complete : CoverageStatus.incomplete);
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

  private static String path(RegistryKeyFinding key) {
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
