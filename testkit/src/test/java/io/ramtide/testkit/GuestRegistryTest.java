package io.ramtide.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ramtide.testkit.ram.GuestRam;
import io.ramtide.testkit.truth.HiveBlockTruth;
import io.ramtide.testkit.truth.HiveTruth;
import io.ramtide.testkit.truth.KeyTruth;
import io.ramtide.testkit.truth.RegistryValueTruth;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GuestRegistryTest {

  private static final String SOFTWARE = "\\REGISTRY\\MACHINE\\SOFTWARE";
  private static final String RUN = SOFTWARE + "\\Microsoft\\Windows\\CurrentVersion\\Run";
  private static final List<String> TYPES =
      List.of(
          "REG_NONE",
          "REG_SZ",
          "REG_EXPAND_SZ",
          "REG_BINARY",
          "REG_DWORD",
          "REG_DWORD_BIG_ENDIAN",
          "REG_LINK",
          "REG_MULTI_SZ",
          "REG_RESOURCE_LIST",
          "REG_FULL_RESOURCE_DESCRIPTOR",
          "REG_RESOURCE_REQUIREMENTS_LIST",
          "REG_QWORD");

  static List<Integer> builds() {
    return SimulatedGuest.builds();
  }

  @ParameterizedTest
  @MethodSource("builds")
  void boot_anyBuild_hasTheHivesOfTheTruth(int build) {
    SimulatedGuest guest = SimulatedGuest.ofBuild(build, 3).boot();

    assertThat(guest.truth().hives()).hasSize(7);
    assertMemoryIsTruth(guest);
  }

  @Test
  void boot_otherKernelsOfWindows7_hasTheHivesOfTheTruth() {
    assertMemoryIsTruth(SimulatedGuest.windows7Rtm(3).boot());
    assertMemoryIsTruth(SimulatedGuest.windows7Mid(3).boot());
  }

  @ParameterizedTest
  @MethodSource("builds")
  void changes_ofEveryKind_areInMemoryAndTruth(int build) {
    SimulatedGuest guest = SimulatedGuest.ofBuild(build, 4).boot();
    GuestRegistry registry = guest.registry();

    for (int i = 0; i < 700; i++) {
      registry.createKey(SOFTWARE + "\\Many\\key " + i * 7919 % 700);
    }
    for (int i = 0; i < 690; i++) {
      registry.deleteKey(SOFTWARE + "\\many\\KEY " + i * 31 % 690);
    }
    for (int size : new int[] {0, 3, 60, 20, 16345, 40_000, 10, 2}) {
      registry.setValue(RUN, "Grows", "REG_BINARY", new byte[size]);
      assertMemoryIsTruth(guest);
    }
    for (int i = 0; i < 40; i++) {
      registry.setText(SOFTWARE + "\\Lists\\ri", "value " + i, "text " + i);
      registry.createVolatileKey(SOFTWARE + "\\Lists\\ri of li\\volatile " + i);
      registry.createKey(SOFTWARE + "\\Lists\\ri of li\\stable " + i);
    }
    registry.deleteValue(SOFTWARE + "\\Lists\\ri", "VALUE 3");
    registry.deleteKey(SOFTWARE + "\\Lists\\ri of li\\stable 7");

    assertThat(key(guest, SOFTWARE, "Many").subkeys()).isEqualTo(10);
    assertThat(key(guest, SOFTWARE, "Lists\\ri of li").subkeys()).isEqualTo(20 + 79);
    assertMemoryIsTruth(guest);
  }

  @Test
  void setValue_afterSomeTime_datesTheKeyAndChangesFewFrames() {
    SimulatedGuest guest = SimulatedGuest.windows10(5).boot();
    var before = guest.snapshot();
    guest.advance(Duration.ofSeconds(90));
    var later = guest.snapshot();

    guest.registry().setText(RUN, "updater", "C:\\Users\\mara\\AppData\\updater.exe");

    var after = guest.snapshot();
    assertThat(key(guest, SOFTWARE, "Microsoft\\Windows\\CurrentVersion\\Run").lastWriteTime())
        .isEqualTo(guest.truth().guestTime());
    assertThat(changed(later, after)).isBetween(1L, 4L);
    assertThat(changed(before, after)).isGreaterThan(1);
  }

  private static long changed(GuestRam a, GuestRam b) {
    return Arrays.stream(b.frames()).filter(frame -> !a.sharesFrame(b, frame)).count();
  }

  @Test
  void currentControlSet_isALink_andIsFollowed() {
    SimulatedGuest guest = SimulatedGuest.windows10(5).boot();

    guest
        .registry()
        .setNumber("\\registry\\machine\\system\\currentcontrolset\\services\\afd", "Start", 4);

    String system = "\\REGISTRY\\MACHINE\\SYSTEM";
    assertThat(key(guest, system, "CurrentControlSet").linkTarget())
        .isEqualTo("\\Registry\\Machine\\System\\ControlSet001");
    assertThat(key(guest, system, "ControlSet001\\Services\\AFD").values())
        .filteredOn(value -> value.name().equals("Start"))
        .extracting(RegistryValueTruth::dataHex)
        .containsExactly("04000000");
  }

  @ParameterizedTest
  @MethodSource("builds")
  void loadHive_thenUnload_isMountedAndGone(int build) {
    SimulatedGuest guest = SimulatedGuest.ofBuild(build, 6).boot();
    String root = "\\REGISTRY\\USER\\S-1-5-21-1-2-3-1002";

    guest.registry().loadHive(root, "\\??\\C:\\Users\\guest\\ntuser.dat");
    assertThatThrownBy(() -> guest.registry().setText(root + "\\B", "", "x"))
        .hasMessage("there is no key " + root + "\\B");
    guest.registry().createKey(root + "\\Software\\A");
    guest.registry().setText(root + "\\Software\\A", "", "default");

    assertThat(guest.truth().hive(root).keys()).hasSize(3);
    assertMemoryIsTruth(guest);
    guest.registry().unloadHive(root);
    assertThat(guest.truth().hives()).hasSize(7);
    assertMemoryIsTruth(guest);
  }

  @ParameterizedTest
  @MethodSource("builds")
  void page_ofAKey_isInTheTruth(int build) {
    SimulatedGuest guest = SimulatedGuest.ofBuild(build, 7).boot();
    String services = "\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Services";

    guest.registry().page(services, "pagefile");
    guest.registry().page(RUN, "absent");
    guest.registry().page("\\REGISTRY\\MACHINE\\SAM\\SAM", "transition");

    assertThat(key(guest, "\\REGISTRY\\MACHINE\\SYSTEM", "ControlSet001\\Services").readable())
        .isFalse();
    assertThat(key(guest, "\\REGISTRY\\MACHINE\\SYSTEM", "ControlSet001\\Services\\AFD").readable())
        .isFalse();
    assertThat(key(guest, "\\REGISTRY\\MACHINE\\SAM", "SAM\\Domains").readable()).isTrue();
    assertThat(guest.truth().hives().stream().flatMap(hive -> hive.blocks().stream()))
        .extracting(HiveBlockTruth::state)
        .contains("valid", "pagefile", "absent", "transition");
    guest.registry().setText(services + "\\AFD", "Group", "back again");
    guest.registry().setText(services, "x", "back again");
    guest.registry().setText(RUN, "x", "back again");
    guest.registry().setText("\\REGISTRY\\MACHINE\\SAM\\SAM", "x", "back again");
    assertMemoryIsTruth(guest);
  }

  @Test
  void boot_windows10_mapsStableBinsInTheProcessRegistry() {
    GroundTruth truth = SimulatedGuest.windows10(1).boot().truth();

    assertThat(truth.hive(SOFTWARE).blocks())
        .filteredOn(block -> block.storage() == 0)
        .allMatch(block -> block.va() > 0)
        .hasSizeGreaterThan(512);
    assertThat(truth.hive("\\REGISTRY\\MACHINE\\SYSTEM").deletedKeys()).contains("OldDriver");
  }

  @Test
  void bulkRegistry_thousands_areThere() {
    SimulatedGuest guest = SimulatedGuest.windows7(2).bulkRegistry(3000, 3).boot();

    assertThat(guest.truth().hive(SOFTWARE).keys())
        .filteredOn(key -> key.key().startsWith("Bulk"))
        .hasSize(3000);
    assertMemoryIsTruth(guest);
  }

  @Test
  void file_ofSoftware_isReadByHivex(@TempDir Path folder) throws Exception {
    assumeThat(Path.of("/usr/bin/hivexget")).exists();
    SimulatedGuest guest = SimulatedGuest.windows10(1).boot();
    Path file = folder.resolve("SOFTWARE");
    Files.write(file, guest.registry().file(SOFTWARE));

    assertThat(hivex(file, "\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon", "Userinit"))
        .isEqualTo("C:\\Windows\\system32\\userinit.exe,");
    assertThat(hivex(file, "\\Lists\\ri\\entry17", "n")).isEqualTo("17");
  }

  private static String hivex(Path file, String key, String value)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("/usr/bin/hivexget", file.toString(), key, value)
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text.strip();
  }

  private static KeyTruth key(SimulatedGuest guest, String hive, String key) {
    return guest.truth().hive(hive).keys().stream()
        .filter(one -> one.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private static void assertMemoryIsTruth(SimulatedGuest guest) {
    GroundTruth truth = guest.truth();
    long root =
        truth.active().stream()
            .filter(process -> process.imageName().equals("Registry"))
            .mapToLong(ProcessTruth::directoryTableBase)
            .findFirst()
            .orElse(truth.directoryTableBase());
    NaiveWalker memory = new NaiveWalker(guest.snapshot(), root);
    for (HiveTruth hive : truth.hives()) {
      NaiveHive read = new NaiveHive(memory, hive.objectVa(), NaiveHive.Offsets.of(truth.build()));
      assertThat(read.keys((int) hive.rootCell())).isEqualTo(keys(hive));
    }
  }

  private static Map<String, Map<String, String>> keys(HiveTruth hive) {
    Map<String, Map<String, String>> keys = new TreeMap<>();
    for (KeyTruth key : hive.keys()) {
      Map<String, String> values = new TreeMap<>();
      for (RegistryValueTruth value : key.values()) {
        values.put(value.name(), number(value.type()) + ":" + value.dataHex());
      }
      keys.put(key.key(), values);
    }
    return keys;
  }

  private static int number(String type) {
    return type.startsWith("0x") ? Integer.parseInt(type.substring(2), 16) : TYPES.indexOf(type);
  }
}
