package io.ramtide.scanner.symbols.isf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.symbols.KernelSymbols;
import io.ramtide.scanner.symbols.KnownKernel;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.PdbId;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.symbols.isf.SymbolImport.Outcome;
import io.ramtide.scanner.symbols.isf.SymbolImport.Result;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** On a table made by hand, with invented offsets. */
class SymbolImportTest {
  private static final String GUID = "00112233445566778899AABBCCDDEE01";
  private static final PdbId PDB = new PdbId("ntkrnlmp.pdb", GUID, 3);
  private static final Optional<String> VERSION = Optional.of("10.0.22621.5");

  @TempDir Path temp;
  private Path folder;
  private String isf;

  @BeforeEach
  void read() throws IOException {
    folder = temp.resolve("symbols");
    try (InputStream in = getClass().getResourceAsStream("kernel.json")) {
      isf = new String(in.readAllBytes(), UTF_8);
    }
  }

  @Test
  void table_isTakenAsStructuresJsonNamesIt() throws IOException {
    assertThat(run(file("kernel.json", isf)).result()).isEqualTo(Result.IMPORTED);
    SymbolStore store = SymbolStore.with(folder);
    KernelSymbols kernel = store.kernel(PDB).orElseThrow();
    Layout layout = store.layout(kernel.layout());

    assertThat(kernel.rvas())
        .isEqualTo(
            Map.of(
                "PsActiveProcessHead", 0x3000L,
                "PsLoadedModuleList", 0x2000L,
                "KiWaitNever", 0x5008L));
    assertThat(layout.type("LIST_ENTRY").offset("Flink")).isEqualTo(0x10);
    assertThat(layout.type("MMPTE_SOFTWARE").field("Protection"))
        .isEqualTo(new StructType.Field(0, 7, 6));
    assertThat(layout.type("MI_SYSTEM_INFORMATION").offset("Hardware.InvalidPteMask"))
        .isEqualTo(0x228);
    assertThat(layout.type("MMADDRESS_NODE").offset("LeftChild")).isEqualTo(0x18);
    assertThat(layout.has("NOBODY_WANTS_THIS")).isFalse();
    assertThat(layout.source()).isEqualTo("imported from kernel.json");
  }

  @Test
  void version_givesNameBuildsAndMarks() throws IOException {
    run(VERSION, file("kernel.json", isf));
    SymbolStore store = SymbolStore.with(folder);

    assertThat(store.kernel(PDB).orElseThrow().version()).isEqualTo("10.0.22621.5");
    Layout layout = store.layout("win11-22621");
    assertThat(layout.firstBuild()).isEqualTo(22621);
    assertThat(layout.lastBuild()).isEqualTo(22631);
    assertThat(layout.processTag()).isEqualTo(0x636f7250);
    assertThat(layout.processHeaderSize()).isEqualTo(layout.type("KPROCESS").size() / 4);
    assertThat(store.layouts(22631)).containsExactly(layout);
  }

  @Test
  void tableWithoutVersion_servesOnlyItsOwnKernel() throws IOException {
    run(file("kernel.json", isf));
    SymbolStore store = SymbolStore.with(folder);

    Layout layout = store.layout(store.kernel(PDB).orElseThrow().layout());
    assertThat(layout.lastBuild()).isZero();
    assertThat(store.neighbours(26100)).doesNotContain(layout).isNotEmpty();
  }

  @Test
  void listOfVersions_isReadWhateverItsForm() throws IOException {
    Path list =
        file(
            "versions.txt",
            "| version | guid |\n| 10.0.26100.1 | %s3 | Win11 |\n| 10.0.1 | none |\n"
                .formatted(GUID.toLowerCase(java.util.Locale.ROOT)));
    importer().run(List.of(file("k.json", isf)), Versions.list(list), Optional.empty(), quiet());

    assertThat(SymbolStore.with(folder).kernel(PDB).orElseThrow().version())
        .isEqualTo("10.0.26100.1");
  }

  @Test
  void secondImport_changesNothing() throws IOException {
    run(VERSION, file("kernel.json", isf));
    Map<Path, String> before = content();

    assertThat(run(file("kernel.json", isf)).result()).isEqualTo(Result.KNOWN);
    assertThat(run(VERSION, file("kernel.json", isf)).result()).isEqualTo(Result.KNOWN);
    assertThat(content()).isEqualTo(before);
  }

  @Test
  void kernelsOfOneLayout_shareIt_inWhateverOrderTheyCome() throws IOException {
    Path one = file("one.json", isf);
    Path two = file("two.json", isf.replace("ddee01", "ddee02").replace("12288", "16384"));
    Versions versions =
        new Versions(
            Map.of(
                GUID + "-3",
                "10.0.22621.9",
                GUID.replace("DDEE01", "DDEE02") + "-3",
                "10.0.22621.1"),
            Optional.empty());
    importer().run(List.of(one, two), versions, Optional.of("test"), quiet());
    Map<Path, String> together = content();

    assertThat(SymbolStore.with(folder).layouts())
        .hasSize(SymbolStore.shipped().layouts().size() + 1);
    folder = temp.resolve("again");
    importer().run(List.of(two), versions, Optional.of("test"), quiet());
    importer().run(List.of(one), versions, Optional.of("test"), quiet());
    assertThat(content()).isEqualTo(together);
  }

  @Test
  void otherLayoutOfTheSameBuild_isNamedByItsRevision() throws IOException {
    run(VERSION, file("one.json", isf));
    String other = isf.replace("ddee01", "ddee02").replace("\"size\": 4096", "\"size\": 4104");
    run(Optional.of("10.0.22621.77"), file("two.json", other));

    assertThat(SymbolStore.with(folder).layouts(22621))
        .extracting(Layout::name)
        .containsExactly("win11-22621", "win11-22621-77");
  }

  @ParameterizedTest
  @CsvSource({"gz", "xz"})
  void packedTable_isUnpacked_byItsContent(String packing) throws IOException {
    Path file = temp.resolve("table");
    try (OutputStream raw = Files.newOutputStream(file);
        OutputStream out =
            packing.equals("gz")
                ? new GZIPOutputStream(raw)
                : new XZOutputStream(raw, new LZMA2Options(0))) {
      out.write(isf.getBytes(UTF_8));
    }
    assertThat(run(file).result()).isEqualTo(Result.IMPORTED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "not JSON at all            | is not JSON (line 1, column ",
        "{\"a\": 1}                 | has no user_types",
        "[]                         | has no user_types",
        "{\"user_types\": {\"a\": 1} | is not JSON",
        "''                         | has no user_types",
      })
  void whatIsNoTable_isSaidSo(String content, String message) throws IOException {
    assertFails(content, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"windows\": {|\"linux\": {|no table of Windows (its metadata names linux)",
        "ntkrnlmp.pdb|ndis.pdb|is the table of ndis.pdb, not of a Windows kernel",
        "\"pointer\": {\"size\": 8|\"pointer\": {\"size\": 4|32 bits",
        "34404|332|machine 0x14c: only x64",
        "34404|43620|machine 0xaa64: only x64",
        "00112233445566778899aabbccddee01|../../../etc/passwd|no GUID of 32 hex digits",
        "00112233445566778899aabbccddee01||by nothing",
        "\"age\": 3|\"age\": 99999999999999999999|age -1",
        "\"_EPROCESS\"|\"_EXPROCESS\"|lacks _EPROCESS.UniqueProcessId",
        "\"ActiveThreads\"|\"NoThreads\"|lacks _EPROCESS.ActiveThreads: the scanner",
        "PsLoadedModuleList|PsNoModuleList|lacks PsLoadedModuleList",
        "\"address\": 12288|\"address\": -4|puts PsActiveProcessHead at -4",
        "\"address\": 12288|\"address\": 99999999999|puts PsActiveProcessHead at 99999999999",
        "\"offset\": 512|\"offset\": 2147483647|puts _MI_SYSTEM_INFORMATION.Hardware",
        "\"size\": 4096|\"size\": -1|puts the size of _MI_SYSTEM_INFORMATION at -1",
        "\"bit_length\": 6|\"bit_length\": 60|puts the bits of _MMPTE_SOFTWARE.Protection",
        "\"bit_position\": 7|\"bit_position\": -7|puts the bits of _MMPTE_SOFTWARE.Protection",
      })
  void tableThatCannotBeUsed_isRefusedWithTheReason(String good, String bad, String message)
      throws IOException {
    assertThat(isf).contains(good);
    assertFails(isf.replace(good, bad == null ? "" : bad), message);
  }

  @Test
  void tableWithTooManyTypes_isRefused() throws IOException {
    String types =
        IntStream.range(0, 40_000)
            .mapToObj(i -> "\"_T%d\": {\"size\": 1, \"fields\": {}}".formatted(i))
            .collect(Collectors.joining(","));
    assertFails("{\"user_types\": {" + types + "}}", "has more than 32768 types");
  }

  @Test
  void deeplyNestedTable_isRefused() throws IOException {
    assertFails("{\"user_types\": " + "[".repeat(1 << 20), "is not JSON");
  }

  @Test
  void smallFileThatUnpacksToMuch_isRefused() throws IOException {
    Path file = temp.resolve("bomb.json.gz");
    byte[] blanks = new byte[1 << 20];
    Arrays.fill(blanks, (byte) ' ');
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i <= 128; i++) {
        out.write(blanks);
      }
    }
    assertThat(run(file).text()).contains("more than 128 MiB");
  }

  @Test
  void damagedPacking_isSaidSo() throws IOException {
    Path file = temp.resolve("cut.json.xz");
    try (OutputStream out = new XZOutputStream(Files.newOutputStream(file), new LZMA2Options(0))) {
      out.write(isf.getBytes(UTF_8));
    }
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThat(run(file).text()).contains("cannot be read").contains("fetch it again");
  }

  @Test
  void packingThatIsNotRead_isNamed() throws IOException {
    assertFails("BZh91AY", "bunzip2");
    assertFails("PK\u0003\u0004", "unpack it");
  }

  @Test
  void fileThatDoesNotExist_isSaidSo() throws IOException {
    assertThat(run(temp.resolve("none.json")).text()).isEqualTo("does not exist");
  }

  @Test
  void badFile_doesNotKeepTheOthersOut() throws IOException {
    List<Outcome> outcomes =
        importer()
            .run(
                List.of(file("bad.json", "{"), file("good.json", isf)),
                Versions.none(),
                Optional.empty(),
                quiet());
    assertThat(outcomes)
        .extracting(Outcome::result)
        .containsExactly(Result.FAILED, Result.IMPORTED);
    assertThat(SymbolStore.with(folder).kernel(PDB)).isPresent();
  }

  @Test
  void kernelThatShipsWithTheSameContent_isKnown_andNotWritten() throws IOException {
    // What 7601.17514 ships with is its structures; this table has other ones.
    String other =
        isf.replace("00112233445566778899aabbccddee01", "3844dbb920174967be7aa4a2c20430fa")
            .replace("\"age\": 3", "\"age\": 2");
    assertThat(run(file("k.json", other)).result()).isEqualTo(Result.IMPORTED);

    KernelSymbols kernel =
        SymbolStore.with(folder)
            .kernel(new PdbId("", "3844DBB920174967BE7AA4A2C20430FA", 2))
            .orElseThrow();
    assertThat(kernel.rva("KiWaitNever")).hasValue(0x5008);
    assertThat(kernel.version()).isEqualTo("6.1.7601.17514");
  }

  @Test
  void structuresWithoutPdb_areTakenWithAVersion() throws IOException {
    String bare =
        isf.replaceAll(
                "\"pdb\": \\{[^}]*}",
                "\"pe\": {\"major\": 6, \"minor\": 2, \"build\": 9200, \"revision\": 7}")
            .replaceAll("(?s)\"symbols\": \\{.*?\n }", "\"symbols\": {}");
    Outcome outcome = run(file("bare.json", bare));

    assertThat(outcome.result()).isEqualTo(Result.IMPORTED);
    assertThat(outcome.text()).contains("structures only");
    assertThat(SymbolStore.with(folder).importedKernels())
        .containsExactly(new KnownKernel("", "6.2.9200.7", "win8-9200", 0));
  }

  /** As public PDBs of drivers give it: no types, and so no pointers. */
  private static final String TCPIP =
      """
      {"metadata": {"windows": {"pdb": {"GUID": "00112233445566778899AABBCCDDEE77", "age": 1,
        "database": "tcpip.pdb", "machine_type": 34404}}},
       "base_types": {}, "enums": {}, "user_types": {},
       "symbols": {"PartitionTable": {"address": 4096}, "PartitionCount": {"address": 4088},
        "Other": {"address": 1}, "PsActiveProcessHead": {"address": 2}}}
      """;

  private static final PdbId TCPIP_PDB =
      new PdbId("TcpIp.pdb", "00112233445566778899AABBCCDDEE77", 1);

  @Test
  void tableOfTcpip_addsItsVariables_andIsKnownThen() throws IOException {
    Outcome outcome = run(file("tcpip.json", TCPIP));

    assertThat(outcome.result()).isEqualTo(Result.IMPORTED);
    assertThat(outcome.text()).isEqualTo("00112233445566778899AABBCCDDEE77-1 of tcpip.pdb: 2 RVAs");
    assertThat(SymbolStore.with(folder).module(TCPIP_PDB))
        .isEqualTo(Map.of("PartitionTable", 4096L, "PartitionCount", 4088L));
    assertThat(SymbolStore.shipped().module(TCPIP_PDB)).isEmpty();
    assertThat(run(file("tcpip.json", TCPIP)).result()).isEqualTo(Result.KNOWN);
  }

  @Test
  void tablesOfTcpipAndOfKernels_doNotDisturbEachOther() throws IOException {
    run(VERSION, file("kernel.json", isf));
    run(file("tcpip.json", TCPIP));
    run(file("more.json", TCPIP.replace("EE77", "EE78").replace("4096", "8192")));

    SymbolStore store = SymbolStore.with(folder);
    assertThat(store.kernel(PDB).orElseThrow().rvas()).doesNotContainKey("PartitionTable");
    assertThat(store.module(TCPIP_PDB)).containsEntry("PartitionTable", 4096L);
    assertThat(store.module(new PdbId("tcpip.pdb", "00112233445566778899AABBCCDDEE78", 1)))
        .containsEntry("PartitionTable", 8192L);
  }

  @Test
  void shippedTcpip_isKnown_byNoOtherName() {
    String guid = "021C12B15F95E1F661DCDEEFB190095A";

    assertThat(SymbolStore.shipped().module(new PdbId("tcpip.pdb", guid, 1)))
        .containsEntry("PartitionTable", 0x2183f0L)
        .containsEntry("PartitionCount", 0x2183ecL)
        .containsEntry("TcpCompartmentSet", 0x218c60L)
        .containsEntry("UdpCompartmentSet", 0x218048L);
    assertThat(SymbolStore.shipped().module(new PdbId("tcpip.pdb", guid, 2))).isEmpty();
    assertThat(SymbolStore.shipped().module(new PdbId("../tcpip.pdb", guid, 1))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "34404|332|machine 0x14c: only x64",
        "4096|-1|puts PartitionTable at -1",
        "00112233445566778899AABBCCDDEE77|..|that is no GUID"
      })
  void badTableOfTcpip_isRefused(String from, String to, String message) throws IOException {
    assertFails(TCPIP.replace(from, to), message);
  }

  @Test
  void tableOfTcpipWithoutItsVariables_isRefused() throws IOException {
    assertFails(TCPIP.replace("Partition", "Elsewhere"), "has none of the symbols");
  }

  private void assertFails(String content, String message) throws IOException {
    Outcome outcome = run(file("bad.json", content));
    assertThat(outcome.result()).isEqualTo(Result.FAILED);
    assertThat(outcome.text()).contains(message).doesNotContain("\n");
    assertThat(folder).doesNotExist();
  }

  private Outcome run(Path file) throws IOException {
    return run(Optional.empty(), file);
  }

  private Outcome run(Optional<String> version, Path file) throws IOException {
    return importer()
        .run(List.of(file), new Versions(Map.of(), version), Optional.empty(), quiet())
        .get(0);
  }

  private SymbolImport importer() throws IOException {
    return SymbolImport.besideShipped(folder);
  }

  private static SymbolImport.Progress quiet() {
    return (read, of) -> {};
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(temp.resolve(name), content);
  }

  private Map<Path, String> content() throws IOException {
    Map<Path, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(folder.relativize(file), Files.readString(file));
      }
    }
    return content;
  }
}
