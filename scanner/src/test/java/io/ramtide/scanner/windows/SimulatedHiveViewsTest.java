package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.hive.Hive;
import io.ramtide.scanner.windows.hive.HiveCells;
import io.ramtide.scanner.windows.hive.Hives;
import io.ramtide.scanner.windows.hive.regf.RegfFile;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
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
    return TestMemory.raw(write(raw(guest), gpa, bytes));
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

  private static Map<String, Coverage> coverage(TestMemory memory) {
    return new WindowsAnalyzer()
        .analyze(memory, Set.of(What.hives, What.registry), finding -> {}).coverage().stream()
            .collect(Collectors.toMap(Coverage::getKind, coverage -> coverage));
  }

  private Path write(Path file, long gpa, byte... bytes) throws IOException {
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      image.seek(gpa);
      image.write(bytes);
    }
    return file;
  }

  /** Two hives that claim 2 GiB each leave no room for the blocks of others. */
  @ParameterizedTest
  @ValueSource(ints = {7601, 19041})
  void blocksThatAreLeftOut_hideNoHive(int build) throws IOException {
    SimulatedGuest guest = guest(build);
    Path file = raw(guest);
    Hive any = HiveLook.at(TestMemory.raw(file)).all().get(0);
    int length =
        any.guest().type("HHIVE").offset("Storage") + any.guest().type("DUAL").offset("Length");
    for (String path : List.of("\\REGISTRY\\MACHINE\\SYSTEM", "\\REGISTRY\\MACHINE\\SAM")) {
      write(
          file,
          truth(guest, path).objectGpa() + length,
          (byte) 0,
          (byte) -16,
          (byte) -1,
          (byte) 127);
    }

    Map<String, Coverage> coverage = coverage(TestMemory.raw(file));

    assertThat(coverage.get("hives").getStatus()).isEqualTo(CoverageStatus.complete);
    assertThat(coverage.get("hives").getDetail()).contains("only the first");
    assertThat(coverage.get("hives").getCount()).isEqualTo(guest.truth().hives().size());
    assertThat(coverage.get("registry").getStatus()).isEqualTo(CoverageStatus.incomplete);
  }

  @ParameterizedTest
  @ValueSource(ints = {7601, 19041})
  void missingBlocks_hideNoHive(int build) throws IOException {
    SimulatedGuest guest = guest(build);
    guest.registry().page("\\REGISTRY\\MACHINE\\SOFTWARE", HiveCells.STABLE, 2, "pagefile");

    Map<String, Coverage> coverage = coverage(memory(guest));

    assertThat(coverage.get("hives").getStatus()).isEqualTo(CoverageStatus.complete);
    assertThat(coverage.get("registry").getStatus()).isEqualTo(CoverageStatus.incomplete);
  }

  /** Broken one way it still has all; broken both ways in different places it may not. */
  @ParameterizedTest
  @ValueSource(ints = {7601, 19041})
  void listThatIsBroken_mayHideAHive_onlyIfBothWaysAre(int build) throws IOException {
    SimulatedGuest guest = guest(build);
    Path file = raw(guest);
    List<Hive> hives = HiveLook.at(TestMemory.raw(file)).all();
    Guest seen = hives.get(0).guest();
    int entry = seen.type("CMHIVE").offset("HiveList");
    int back = seen.type("LIST_ENTRY").offset("Blink");
    write(file, hives.get(1).objectGpa().orElseThrow() + entry, new byte[8]);

    Coverage oneWay = coverage(TestMemory.raw(file)).get("hives");
    assertThat(oneWay.getStatus()).isEqualTo(CoverageStatus.complete);
    assertThat(oneWay.getDetail()).contains("hiveList: ");

    write(file, hives.get(3).objectGpa().orElseThrow() + entry + back, new byte[8]);
    Coverage bothWays = coverage(TestMemory.raw(file)).get("hives");
    assertThat(bothWays.getStatus()).isEqualTo(CoverageStatus.incomplete);
    assertThat(bothWays.getDetail()).contains("hiveList: ");
  }
}
