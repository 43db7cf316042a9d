package io.ramtide.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.cli.Output;
import io.ramtide.scanner.symbols.SymbolStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SymbolsCommandTest {
  private static final String GUID = "00112233445566778899AABBCCDDEE01";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private String data;
  private Path table;
  private final Output output = new Output();

  @BeforeEach
  void write() throws IOException {
    data = folder.resolve("data").toString();
    table = Files.writeString(folder.resolve("kernel.json"), isf());
  }

  @Test
  void importedKernel_isListed_besideThoseThatShip() {
    assertThat(run("import", "--kernel-version", "10.0.22621.5", table.toString())).isZero();
    assertThat(output.err()).contains(GUID, "win11-22621", "1 imported into", "0 failed");
    assertThat(output.out()).isEmpty();

    assertThat(run("list")).isZero();
    assertThat(output.out()).contains("PDB GUID", "339E74133576439CBCDF7E0229DA3773", "shipped");
    assertThat(output.lines().get(output.lines().size() - 1))
        .contains(GUID, "10.0.22621.5", "22621-22631", "win11-22621", "imported", "kernel.json");
  }

  @Test
  void jsonList_isAnObjectALine_withNullForWhatIsNotKnown() throws IOException {
    run("import", "--source", "a \u001b[31mfriend", table.toString());
    assertThat(run("list", "--format", "json")).isZero();

    List<String> lines = output.lines();
    assertThat(lines).hasSize(SymbolStore.shipped().shippedKernels().size() + 1);
    JsonNode last = JSON.readTree(lines.get(lines.size() - 1));
    assertThat(last.path("kind").asText()).isEqualTo("kernelSymbols");
    assertThat(last.path("guid").asText()).isEqualTo(GUID);
    assertThat(last.path("age").asInt()).isEqualTo(3);
    assertThat(last.path("version").isNull()).isTrue();
    assertThat(last.path("lastBuild").isNull()).isTrue();
    assertThat(last.path("rvas").asInt()).isEqualTo(2);
    assertThat(last.path("from").asText()).isEqualTo("imported");
    assertThat(last.path("source").asText()).isEqualTo("a \\x1b[31mfriend");
  }

  @Test
  void secondImport_saysThatItIsKnown() {
    run("import", table.toString());
    assertThat(run("import", table.toString())).isZero();
    assertThat(output.err()).contains("0 imported into", "1 known before");
  }

  @Test
  void badFileAmongGood_is3_andIsNamedWithTheReason() throws IOException {
    Path dumps = Files.createDirectories(folder.resolve("tables/deep"));
    Files.copy(table, dumps.resolve("good.json"));
    Files.writeString(dumps.resolve("bad.json"), "{\"user_types\": \u001b[31m");
    Files.writeString(dumps.resolve("readme.txt"), "no table");
    Path other = Files.createDirectories(folder.resolve("tables/ndis.pdb"));
    Files.writeString(other.resolve("ignored.json"), "{");

    assertThat(run("import", folder.resolve("tables").toString())).isEqualTo(3);
    assertThat(output.err())
        .contains("bad.json: is not JSON")
        .contains("ndis.pdb: left out")
        .contains("1 imported into", "1 failed")
        .doesNotContain("\u001b");
  }

  @Test
  void onlyBadFiles_are4() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.json"), isf().replace("34404", "332"));
    assertThat(run("import", bad.toString())).isEqualTo(4);
    assertThat(output.err()).contains("ramtide: " + bad + ": is of a kernel for machine 0x14c");
  }

  @Test
  void folderWithoutTables_is4() {
    assertThat(run("import", folder.resolve("none").toString())).isEqualTo(4);
    assertThat(output.err()).contains("does not exist");
    Path empty = folder.resolve("empty");
    assertThat(empty.toFile().mkdir()).isTrue();
    assertThat(run("import", empty.toString())).isEqualTo(4);
    assertThat(output.err()).contains("a folder without symbol tables");
  }

  @Test
  void wrongVersionOrList_is2() {
    assertThat(run("import", "--kernel-version", "22621", table.toString())).isEqualTo(2);
    assertThat(output.err()).contains("write it as 10.0.22621.1702");
    assertThat(run("import", "--versions", folder + "/none", table.toString())).isEqualTo(2);
    assertThat(output.err()).contains("--versions");
  }

  @Test
  void folderThatCannotBeWritten_is7() throws IOException {
    Files.createDirectories(folder.resolve("data"));
    Files.createFile(folder.resolve("data/symbols"));
    assertThat(run("import", table.toString())).isEqualTo(7);
    assertThat(output.err().lines().toList()).hasSize(1);
  }

  @Test
  void damagedSymbols_are7_andSayWhatToDo() throws IOException {
    run("import", table.toString());
    Files.writeString(folder.resolve("data/symbols/index.json"), "{");
    for (List<String> command : List.of(List.of("symbols", "list"), List.of("inspect", "x"))) {
      List<String> all = new java.util.ArrayList<>(command);
      all.addAll(List.of("--data", data));
      assertThat(output.run(all.toArray(String[]::new))).as("%s", command).isEqualTo(7);
      assertThat(output.err()).contains("index.json", "import its tables again");
    }
  }

  private int run(String... args) {
    List<String> all = new java.util.ArrayList<>(List.of("symbols"));
    all.addAll(List.of(args));
    all.addAll(List.of("--data", data));
    return output.run(all.toArray(String[]::new));
  }

  /** A table with what the scanner needs, at invented offsets. */
  private static String isf() throws IOException {
    JsonNode structures;
    try (InputStream in = SymbolStore.class.getResourceAsStream("structures.json")) {
      structures = JSON.readTree(in);
    }
    Set<String> types = new TreeSet<>();
    structures.path("needed").forEach(need -> types.add(need.asText().split("\\.", 2)[0]));
    var isf = JSON.createObjectNode();
    isf.putObject("metadata")
        .putObject("windows")
        .putObject("pdb")
        .put("GUID", GUID)
        .put("age", 3)
        .put("database", "ntkrnlmp.pdb")
        .put("machine_type", 34404);
    isf.putObject("base_types").putObject("pointer").put("size", 8);
    var symbols = isf.putObject("symbols");
    structures
        .path("neededSymbols")
        .forEach(symbol -> symbols.putObject(symbol.asText()).put("address", 0x1000));
    var userTypes = isf.putObject("user_types");
    for (String type : types) {
      var fields = userTypes.putObject("_" + type).put("size", 0x400).putObject("fields");
      structures
          .path("needed")
          .forEach(
              need -> {
                String[] parts = need.asText().split("\\.", 2);
                if (parts[0].equals(type)) {
                  fields.putObject(parts[1]).put("offset", 8 * fields.size());
                }
              });
    }
    return isf.toString();
  }
}
