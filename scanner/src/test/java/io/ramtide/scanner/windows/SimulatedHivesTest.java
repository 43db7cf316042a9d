package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.windows.hive.Hive;
import io.ramtide.scanner.windows.hive.HiveCells;
import io.ramtide.scanner.windows.hive.Hives;
import io.ramtide.scanner.windows.hive.regf.RegfFile;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.View;
import io.ramtide.testkit.truth.HiveBlockTruth;
import io.ramtide.testkit.truth.HiveTruth;
import io.ramtide.testkit.truth.KeyTruth;
import io.ramtide.testkit.truth.RegistryValueTruth;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hives of guests of every build, in memory and as files. */
class SimulatedHivesTest {
  /** Texts with half a character, and numbers that are too short: hivexml tells them otherwise. */
  private static final Set<String> ODD = Set.of("sz odd", "dword of 2");

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void everyHive_isTheTruth_block_by_block(String build) {
    SimulatedCase guest = SimulatedCase.of(build);

    Hives hives = HiveLook.at(guest.memory());

    assertThat(hives.all().stream().map(hive -> told(hive.finding().build())))
        .containsExactlyInAnyOrderElementsOf(
            guest.truth().hives().stream().map(SimulatedHivesTest::told).toList());
    assertThat(hives.all().stream().flatMap(hive -> blocks(hive).stream()))
        .containsExactlyInAnyOrderElementsOf(
            guest.truth().hives().stream().flatMap(hive -> blocks(hive).stream()).toList());
    assertThat(hives.gaps()).isEmpty();
  }

  private static String told(HiveFinding hive) {
    return "%s file %s (%s) at %x %x root %x, %x + %x, %d/%d of %d, listed %b, pool %b"
        .formatted(
            hive.getPath(),
            hive.getFileName(),
            hive.getFileFullPath(),
            hive.getObjectVa(),
            hive.getObjectGpa(),
            hive.getRootCell(),
            hive.getStableLength(),
            hive.getVolatileLength(),
            hive.getSequence1(),
            hive.getSequence2(),
            hive.getWrittenTime() == null ? 0 : hive.getWrittenTime(),
            hive.getSeenBy().contains(View.hiveList),
            hive.getSeenBy().contains(View.poolScan));
  }

  private static String told(HiveTruth hive) {
    return "%s file %s (%s) at %x %x root %x, %x + %x, %d/%d of %d, listed %b, pool true"
        .formatted(
            hive.path(),
            hive.fileName(),
            hive.fileFullPath(),
            hive.objectVa(),
            hive.objectGpa(),
            hive.rootCell(),
            hive.stableLength(),
            hive.volatileLength(),
            hive.sequence1(),
            hive.sequence2(),
            hive.writtenTime(),
            hive.onList());
  }

  private static List<String> blocks(Hive hive) {
    List<String> blocks = new ArrayList<>();
    for (int storage = 0; storage < 2; storage++) {
      for (int block = 0; block < hive.cells().blocks(storage); block++) {
        OptionalLong gpa = hive.cells().gpa(storage, block);
        assertThat(hive.cells().gap(storage, block).isPresent()).isEqualTo(gpa.isEmpty());
        blocks.add("%s %d/%d %x".formatted(hive.path(), storage, block, gpa.orElse(-1)));
      }
    }
    return blocks;
  }

  private static List<String> blocks(HiveTruth hive) {
    return hive.blocks().stream()
        .map(
            (HiveBlockTruth block) ->
                "%s %d/%d %x".formatted(hive.path(), block.storage(), block.block(), block.gpa()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void everyExportedHive_isWhatHivexReads(String build) throws IOException {
    SimulatedCase guest = SimulatedCase.of(build);
    int number = 0;
    for (Hive hive : HiveLook.at(guest.memory()).all()) {
      HiveTruth truth =
          guest.truth().hives().stream()
              .filter(each -> each.path().equals(hive.path()))
              .findFirst()
              .orElseThrow();
      Path file = folder.resolve(number++ + ".hive");
      RegfFile.Written written;
      try (OutputStream out = Files.newOutputStream(file)) {
        written = RegfFile.write(hive, out);
      }

      assertThat(Files.size(file))
          .isEqualTo(written.bytes())
          .isEqualTo(4096 + truth.stableLength());
      boolean isWhole =
          truth.blocks().stream()
              .allMatch(block -> block.storage() == HiveCells.VOLATILE || block.gpa() != -1);
      assertThat(written.replaced().isEmpty()).as(hive.path()).isEqualTo(isWhole);
      Set<String> read = isWhole ? Hivex.read(file) : Hivex.read(file, "-k");
      Set<String> expected = stable(truth);
      assertThat(Hivex.minus(expected, read))
          .as("%s, which also has %s", hive.path(), Hivex.minus(read, expected))
          .isEmpty();
      if (isWhole) {
        assertThat(Hivex.minus(read, expected).stream().map(line -> line.split("=", 2)[0]))
            .as(hive.path())
            .isSubsetOf(odd(truth));
      }
    }
    assertThat(number).isPositive();
  }

  /** What a file of the hive would have, as far as it can be read. */
  static Set<String> stable(HiveTruth hive) {
    Set<String> told = new TreeSet<>();
    for (KeyTruth key : hive.keys()) {
      if (!key.isVolatile() && key.readable()) {
        told.add(Hivex.time(key.key(), key.lastWriteTime()));
        key.values().stream()
            .filter(RegistryValueTruth::dataReadable)
            .filter(value -> !isOdd(value))
            .forEach(
                value ->
                    told.add(Hivex.value(key.key(), value.name(), value.type(), value.data())));
      }
    }
    return told;
  }

  private static boolean isOdd(RegistryValueTruth value) {
    return ODD.contains(value.name()) || !Hivex.readsWhole(value.data().length);
  }

  private static Set<String> odd(HiveTruth hive) {
    Set<String> odd = new TreeSet<>();
    for (KeyTruth key : hive.keys()) {
      key.values().stream()
          .filter(SimulatedHivesTest::isOdd)
          .forEach(value -> odd.add(key.key() + ": " + value.name()));
    }
    return odd;
  }
}
