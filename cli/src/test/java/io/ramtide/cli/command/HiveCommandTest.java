package io.ramtide.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.cli.Output;
import io.ramtide.testkit.NotWindows;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.truth.HiveTruth;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** hive export, from a dump to files. */
class HiveCommandTest {
  private static final String SOFTWARE = "\\REGISTRY\\MACHINE\\SOFTWARE";
  private static final String SYSTEM = "\\REGISTRY\\MACHINE\\SYSTEM";
  private static final String HOSTILE = "\\REGISTRY\\USER\\..\u001b[2J..";

  @TempDir static Path images;
  private static Path dump;
  private static List<HiveTruth> hives;

  @TempDir Path folder;
  private final Output output = new Output();

  @BeforeAll
  static void boot() throws IOException {
    SimulatedGuest guest = SimulatedGuest.ofBuild(19041, 3).ram(96L << 20).boot();
    guest.registry().loadHive(HOSTILE, "\\??\\C:\\x");
    guest.registry().page(SOFTWARE, 0, 2, "pagefile");
    dump = images.resolve("guest.raw");
    guest.snapshot().writeRaw(dump);
    hives = guest.truth().hives();
  }

  private int export(String... options) {
    List<String> args = new ArrayList<>(List.of("hive", "export", dump.toString()));
    args.addAll(List.of("--data", folder.resolve("data").toString()));
    args.addAll(List.of(options));
    return output.run(args.toArray(String[]::new));
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  private List<String> files(Path in) throws IOException {
    try (Stream<Path> files = Files.list(in)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void oneHive_isAFile_besideWhichItIsDescribed() throws Exception {
    Path file = folder.resolve("system.hive");

    assertThat(export("--hive", "hklm\\system", "--out", file.toString())).isZero();

    byte[] bytes = Files.readAllBytes(file);
    HiveTruth truth =
        hives.stream().filter(hive -> hive.path().equals(SYSTEM)).findFirst().orElseThrow();
    assertThat(bytes).hasSize((int) (4096 + truth.stableLength()));
    assertThat(new String(bytes, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("regf");
    JsonNode told = json(folder.resolve("system.hive.json"));
    assertThat(told.path("hive").asText()).isEqualTo(SYSTEM);
    assertThat(told.path("hiveFile").asText()).isEqualTo(truth.fileName());
    assertThat(told.path("source").asText()).isEqualTo(dump.toString());
    assertThat(told.path("build").asInt()).isEqualTo(19041);
    assertThat(told.path("volatileBytesLeftOut").asLong()).isEqualTo(truth.volatileLength());
    assertThat(told.path("replaced")).isEmpty();
    assertThat(told.path("sha256").asText())
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)))
        .isSubstringOf(output.out());
    assertThat(output.out()).contains("bytes of volatile keys left out");
  }

  @Test
  void aHiveWithMissingPages_isIncomplete_andSaysWhichBytes() throws IOException {
    Path file = folder.resolve("software.hive");

    assertThat(export("--hive", SOFTWARE, "--out", file.toString(), "--format", "json"))
        .isEqualTo(3);

    JsonNode line = new ObjectMapper().readTree(output.lines().get(0));
    assertThat(line).isEqualTo(json(folder.resolve("software.hive.json")));
    assertThat(line.path("replaced").findValuesAsText("why")).containsOnly("paged out");
    byte[] bytes = Files.readAllBytes(file);
    for (JsonNode range : line.path("replaced")) {
      String text = new String(bytes, range.path("offset").asInt(), 80, StandardCharsets.US_ASCII);
      assertThat(text).containsAnyOf("ramtide: missing: paged out", "hbin");
    }
  }

  @Test
  void allHives_areFilesOfAFolder_whoseNamesNoGuestChooses() throws IOException {
    assertThat(export("--all", "--out", folder.resolve("all").toString())).isEqualTo(3);

    List<String> names = files(folder.resolve("all"));
    assertThat(names).hasSize(2 * hives.size()).allMatch(name -> name.matches("[A-Za-z0-9_.-]+"));
    assertThat(names).contains("002-MACHINE_SYSTEM.hive", "002-MACHINE_SYSTEM.hive.json");
    assertThat(output.out() + output.err()).doesNotContain("\u001b").contains("\\x1b[2J");
    assertThat(files(folder)).containsOnly("all");
  }

  @Test
  void aFileThatIsThere_isKept_unlessForced() throws IOException {
    Path file = Files.writeString(folder.resolve("mine"), "mine");
    String[] options = {"--hive", SYSTEM, "--out", file.toString()};

    assertThat(export(options)).isEqualTo(2);
    assertThat(file).hasContent("mine");
    assertThat(output.err()).contains("is there already");

    assertThat(export("--force", "--hive", SYSTEM, "--out", file.toString())).isZero();
    assertThat(Files.size(file)).isGreaterThan(4096);
  }

  @Test
  void aLinkThatIsThere_isNotFollowed() throws IOException {
    Path mine = Files.writeString(folder.resolve("mine"), "mine");
    Path link = Files.createSymbolicLink(folder.resolve("link"), mine);

    assertThat(export("--force", "--hive", SYSTEM, "--out", link.toString())).isEqualTo(7);
    assertThat(mine).hasContent("mine");
  }

  @Test
  void severalHives_needAFolder() {
    assertThat(export("--hive", "HKLM\\*", "--out", folder.resolve("one").toString())).isEqualTo(2);
    assertThat(output.err()).contains("name a folder");
    assertThat(folder.resolve("one")).doesNotExist();
  }

  @Test
  void aHiveThatIsNotLoaded_isSaid_withThoseThatAre() {
    assertThat(export("--hive", "HKLM\\NOTHING", "--out", folder.resolve("x").toString()))
        .isEqualTo(3);
    assertThat(output.err()).contains("none of its hives is meant").contains(SYSTEM);
  }

  @Test
  void wrongUse_isSaid() {
    assertThat(export("--out", "x")).isEqualTo(2);
    assertThat(export("--all", "--hive", SYSTEM, "--out", "x")).isEqualTo(2);
    assertThat(export("--hive", "nonsense\\path", "--out", "x")).isEqualTo(2);
    assertThat(output.run("hive")).isEqualTo(2);
    assertThat(output.run("hive", "export", folder + "/none", "--all", "--out", "x/")).isEqualTo(4);
  }

  @Test
  void anotherSystem_isNoWindows() throws IOException {
    Path file = folder.resolve("other.raw");
    NotWindows.linux(1).writeRaw(file);

    assertThat(output.run("hive", "export", file.toString(), "--all", "--out", "x/")).isEqualTo(5);
  }
}
