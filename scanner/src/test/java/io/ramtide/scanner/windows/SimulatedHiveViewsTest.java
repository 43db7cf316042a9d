package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.windows.hive.Hive;
import io.ramtide.scanner.windows.hive.HiveCells;
import io.ramtide.scanner.windows.hive.Hives;
import io.ramtide.scanner.windows.hive.regf.RegfFile;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.View;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.truth.HiveTruth;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hives that something was done to. */
class SimulatedHiveViewsTest {
  private static final String USER = "\\REGISTRY\\USER\\S-1-5-21-1-2-3-1042";
  private static final String OTHER = "\\REGISTRY\\USER\\S-1-5-21-1-2-3-1043";
  private static final String FILE = "\\??\\C:\\Users\\mara\\ntuser.dat";

  @TempDir Path folder;

  private TestMemory memory(SimulatedGuest guest) throws IOException {
    return TestMemory.raw(raw(guest));
  }

  private Path raw(SimulatedGuest guest) throws IOException {
    Path file = folder.resolve("guest.raw");
    guest.snapshot().writeRaw(file);
    return file;
  }

  /** The same with some bytes changed. */
  private TestMemory memory(SimulatedGuest guest, long gpa, byte[] bytes) throws IOException {
    Path file = raw(guest);
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      image.seek(gpa);
      image.write(bytes);
    }
    return TestMemory.raw(file);
  }

  private static SimulatedGuest guest(int build) {
    return SimulatedGuest.ofBuild(build, 5).ram(96L << 20).boot();
  }

  private static HiveTruth truth(SimulatedGuest guest, String path) {
    return guest.truth().hives().stream()
        .filter(hive -> hive.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, List<View>> views(Hives hives) {
    return hives.all().stream().collect(Collectors.toMap(Hive::path, Hive::seenBy));
  }

  @ParameterizedTest
  @ValueSource(ints = {7601, 9600, 14393, 17763, 19041, 22000})
  void aHiveOffTheList_isSeenByThePoolAlone_andAnUnloadedOneNotAtAll(int build) throws IOException {
    SimulatedGuest guest = guest(build);
    guest.registry().loadHive(USER, FILE);
    guest.registry().loadHive(OTHER, FILE);
    guest.registry().unlinkHive(USER);
    guest.registry().unloadHive(OTHER);

    Map<String, List<View>> views = views(HiveLook.at(memory(guest)));

    assertThat(views).containsEntry(USER, List.of(View.poolScan)).doesNotContainKey(OTHER);
    views.remove(USER);
    assertThat(views.values()).allMatch(List.of(View.poolScan, View.hiveList)::equals);
  }

  @ParameterizedTest
  @ValueSource(ints = 7601)
  void aHiveOffTheListWithAnotherTag_isSeenByItsSignature(int build) throws IOException {
    SimulatedGuest guest = guest(build);
    guest.registry().loadHive(USER, FILE);
    guest.registry().unlinkHive(USER);
    TestMemory memory = memory(guest, truth(guest, USER).objectGpa() - 12, new byte[] {1, 2, 3, 4});

    assertThat(views(HiveLook.at(memory))).containsEntry(USER, List.of(View.headerScan));
  }

  @ParameterizedTest
  @ValueSource(ints = {7601, 19041})
  void aListedHiveWithAnotherSignature_isAHiveAllTheSame(int build) throws IOException {
    SimulatedGuest guest = guest(build);
    guest.registry().loadHive(USER, FILE);
    TestMemory memory = memory(guest, truth(guest, USER).objectGpa(), new byte[4]);

    assertThat(views(HiveLook.at(memory))).containsKey(USER);
  }

  @ParameterizedTest
  @ValueSource(ints = {7601, 19041})
  void aCopyOfAHive_isNone(int build) throws IOException {
    SimulatedGuest guest = guest(build);
    TestMemory honest = memory(guest);
    byte[] copy = new byte[4096];
    HiveTruth hive = truth(guest, "\\REGISTRY\\MACHINE\\SYSTEM");
    honest.read(hive.objectGpa(), copy, 0, 4096 - (int) (hive.objectGpa() & 4095));
    int expected = HiveLook.at(honest).all().size();
    // A page of another hive takes the copy: it is mapped, and in use.
    HiveTruth other = truth(guest, "\\REGISTRY\\MACHINE\\SOFTWARE");
    long target = other.blocks().get(other.blocks().size() - 1).gpa();
    TestMemory memory = memory(guest, target, copy);

    assertThat(HiveLook.at(memory).all()).hasSize(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {7601, 9600, 14393, 17763, 19041, 22000})
  void missingBlocks_areToldWithTheirReason_andMarkedInTheFile(int build) throws IOException {
    SimulatedGuest guest = guest(build);
    String path = "\\REGISTRY\\MACHINE\\SOFTWARE";
    guest.registry().page(path, HiveCells.STABLE, 2, "pagefile");
    guest.registry().page(path, HiveCells.STABLE, 5, "transition");
    Hive hive =
        HiveLook.at(memory(guest)).all().stream()
            .filter(each -> each.path().equals(path))
            .findFirst()
            .orElseThrow();

    HiveFinding finding = hive.finding().build();
    assertThat(hive.cells().gap(HiveCells.STABLE, 2)).hasValue("paged out");
    assertThat(hive.cells().gap(HiveCells.STABLE, 5)).isEmpty();
    assertThat(finding.getMissingBlocks()).isPositive();
    assertThat(finding.getMissingWhy()).contains("x paged out");

    Path file = folder.resolve("software.hive");
    RegfFile.Written written;
    try (OutputStream out = Files.newOutputStream(file)) {
      written = RegfFile.write(hive, out);
    }
    assertThat(written.replaced())
        .anySatisfy(
            range -> {
              assertThat(range.why()).isEqualTo("paged out");
              assertThat(range.offset()).isLessThanOrEqualTo(3 * 4096 + 0x20);
              assertThat(range.offset() + range.length()).isGreaterThanOrEqualTo(4 * 4096);
            });
    assertThat(new String(Files.readAllBytes(file), StandardCharsets.US_ASCII))
        .contains("ramtide: missing: paged out");
    Set<String> readable = SimulatedHivesTest.stable(truth(guest, path));
    assertThat(readable).isNotEmpty();
    // hivexml goes no further among the siblings of what it cannot read; hivexsh finds them.
    for (String line : Hivex.minus(readable, Hivex.read(file, "-k", "-u"))) {
      assertThat(Hivex.has(file, line.substring(0, line.indexOf(": ")))).as(line).isTrue();
    }
    assertThat(Hivex.has(file, "Lists\\nothing")).isFalse();
  }
}
