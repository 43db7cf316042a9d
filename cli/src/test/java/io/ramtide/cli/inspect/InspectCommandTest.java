package io.ramtide.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.cli.Output;
import io.ramtide.cli.render.Kinds;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.FileTime;
import io.ramtide.testkit.Corruption;
import io.ramtide.testkit.GroundTruth;
import io.ramtide.testkit.NotWindows;
import io.ramtide.testkit.ProcessTruth;
import io.ramtide.testkit.SimulatedGuest;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** inspect, from the file to what is printed, on simulated guests. */
class InspectCommandTest {
  private final Output output = new Output();

  @TempDir Path folder;

  private int inspect(SimulatedGuest guest, String... options) throws Exception {
    Path file = folder.resolve("guest.raw");
    guest.snapshot().writeRaw(file);
    return inspect(file, options);
  }

  private int inspect(Path file, String... options) {
    List<String> args = new ArrayList<>(List.of("inspect", file.toString()));
    args.addAll(List.of(options));
    return output.run(args.toArray(String[]::new));
  }

  private List<JsonNode> json() throws Exception {
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : output.lines()) {
      nodes.add(new ObjectMapper().readTree(line));
    }
    return nodes;
  }

  @Test
  void json_isSystemThenProcessesThenSummary_asTheGuestIs() throws Exception {
    SimulatedGuest guest = SimulatedGuest.windows7(3).boot();
    int hidden = guest.start("evil.exe", 4);
    int exited = guest.start("short.exe", 4);
    guest.advance(Duration.ofSeconds(5));
    guest.exit(exited);
    guest.unlink(hidden);

    assertThat(inspect(guest, "--format", "json")).as(output.err()).isZero();

    List<JsonNode> nodes = json();
    GroundTruth truth = guest.truth();
    JsonNode system = nodes.get(0);
    assertThat(system.get("kind").asText()).isEqualTo("system");
    assertThat(system.get("build").asInt()).isEqualTo(7601);
    assertThat(system.get("pdbGuid").asText()).isEqualTo(truth.pdbGuid());
    assertThat(system.get("kernelBase").asText()).isEqualTo(hex(truth.kernelBaseVa()));
    assertThat(system.get("symbolMatch").asText()).isEqualTo("exact");
    assertThat(system.get("guestTime").asText()).isEqualTo(FileTime.format(truth.guestTime()));
    JsonNode summary = nodes.get(nodes.size() - 1);
    assertThat(summary.get("kind").asText()).isEqualTo("summary");
    assertThat(summary.get("status").asText()).isEqualTo("decoded");
    assertThat(summary.get("activeList").asText()).isEqualTo("complete");

    List<JsonNode> processes = nodes.subList(1, nodes.size() - 1);
    assertThat(processes).allMatch(node -> node.get("kind").asText().equals("process"));
    assertThat(processes)
        .extracting(InspectCommandTest::shortForm)
        .containsAll(
            truth.processes().stream()
                .filter(process -> !process.freed())
                .map(InspectCommandTest::shortForm)
                .toList());
    assertThat(byPid(processes, hidden).get("seenBy").toString()).doesNotContain("activeList");
  }

  private static JsonNode byPid(List<JsonNode> processes, int pid) {
    return processes.stream()
        .filter(node -> node.get("pid").asInt() == pid)
        .findFirst()
        .orElseThrow();
  }

  private static String shortForm(JsonNode node) {
    return "%d %s %s %s %s"
        .formatted(
            node.get("pid").asInt(),
            node.get("imageName").asText(),
            node.get("createTime").asText(),
            node.get("exitTime").asText(),
            node.get("objectVa").asText());
  }

  private static String shortForm(ProcessTruth process) {
    return "%d %s %s %s %s"
        .formatted(
            process.pid(),
            process.imageName(),
            FileTime.format(process.createTime()),
            process.exitTime() == 0 ? "null" : FileTime.format(process.exitTime()),
            hex(process.objectVa()));
  }

  private static String hex(long address) {
    return "0x" + Long.toHexString(address);
  }

  @Test
  void table_showsFactsProcessesAndCount() throws Exception {
    assertThat(inspect(SimulatedGuest.windows10(3).boot())).as(output.err()).isZero();
    assertThat(output.out())
        .contains("Windows build    19041")
        .contains("SEEN BY")
        .containsPattern("\\d+ processes found; the active list was walked to its end");
  }

  @Test
  void tree_putsServicesUnderWininit() throws Exception {
    assertThat(inspect(SimulatedGuest.windows7(3).boot(), "--tree")).isZero();
    assertThat(output.out()).containsPattern("(?m)^( *)wininit.exe .*\\R\\1  \\S+\\.exe ");
  }

  @Test
  void hostileName_reachesNoTerminal() throws Exception {
    SimulatedGuest guest = SimulatedGuest.windows7(3).boot();
    int pid = guest.start("x.exe", 4);
    guest.corrupt(
        Corruption.imageName(pid, "\u001b[2J\u0007owned".getBytes(StandardCharsets.US_ASCII)));
    inspect(guest);
    assertThat(output.out().chars().filter(c -> c < ' ' && c != '\n')).isEmpty();
  }

  @Test
  void activeListInALoop_is3AndSaysSo() throws Exception {
    SimulatedGuest guest = SimulatedGuest.windows7(3).boot();
    guest.corrupt(Corruption.activeListLoop());
    assertThat(inspect(guest)).isEqualTo(3);
    assertThat(output.out()).contains("the active list could not be walked to its end: ");
  }

  @Test
  void truncatedDump_is3_withWhatIsLeft() throws Exception {
    SimulatedGuest guest = SimulatedGuest.windows7(3).boot();
    Path file = folder.resolve("guest.elf");
    guest.snapshot().writeElfCore(file, guest.truth().directoryTableBase());
    try (RandomAccessFile dump = new RandomAccessFile(file.toFile(), "rw")) {
      dump.setLength(dump.length() - (2 << 20));
    }
    assertThat(inspect(file)).isEqualTo(3);
    assertThat(output.err()).contains("guest.elf");
    assertThat(output.out()).contains("could not be read: the dump does not hold");
  }

  @Test
  void linux_is5_notAnEmptyList() throws Exception {
    Path file = folder.resolve("linux.raw");
    NotWindows.linux(1).writeRaw(file);
    assertThat(inspect(file)).isEqualTo(5);
    assertThat(output.out()).startsWith("no x64 Windows kernel found in this memory");
  }

  @Test
  void unknownBuild_is5_andNamesIt() throws Exception {
    SimulatedGuest guest = SimulatedGuest.windows7(3).boot();
    guest.corrupt(Corruption.unknownBuild(9999));
    assertThat(inspect(guest)).isEqualTo(5);
    assertThat(output.out()).contains("this build is not supported").contains("9999");
  }

  @Test
  void fileThatIsNotThere_is4() {
    Path missing = folder.resolve("missing.raw");
    assertThat(inspect(missing)).isEqualTo(4);
    assertThat(output.err()).contains(missing.toString());
  }

  @Test
  void elfThatIsNoCore_is4() throws Exception {
    Path program = folder.resolve("program");
    byte[] elf = new byte[8192];
    System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}, 0, elf, 0, 7);
    elf[16] = 2; // ET_EXEC
    elf[18] = 62; // x86-64
    Files.write(program, elf);
    assertThat(inspect(program)).isEqualTo(4);
    assertThat(output.err().lines()).hasSize(1);
    assertThat(output.err()).contains(program.toString());
  }

  @Test
  void what_isListed_afterTheKernelAndTheProcesses() throws Exception {
    SimulatedGuest guest = SimulatedGuest.windows7(3).boot();
    assertThat(inspect(guest, "--what", "all", "--format", "json")).as(output.err()).isZero();
    List<JsonNode> nodes = json();
    assertThat(nodes.get(0).get("kind").asText()).isEqualTo("system");
    assertThat(nodes.get(1).get("kind").asText()).isEqualTo("process");
    JsonNode summary = nodes.get(nodes.size() - 1);
    // A key is told with its values, which are lines of their own.
    assertThat(summary.get("findings").asLong())
        .isEqualTo(nodes.size() - 1 - count(nodes, "registryValue"));
    List<String> covered = new ArrayList<>();
    summary.get("coverage").forEach(kind -> covered.add(kind.get("kind").asText()));
    assertThat(covered)
        .containsExactly(Stream.of(What.values()).map(What::name).toArray(String[]::new));
    summary
        .get("coverage")
        .forEach(
            kind ->
                assertThat(count(nodes, Kinds.singular(kind.get("kind").asText()).name()))
                    .as(kind.toString())
                    .isEqualTo(kind.get("count").asInt()));
  }

  private static long count(List<JsonNode> nodes, String kind) {
    return nodes.stream().filter(node -> node.get("kind").asText().equals(kind)).count();
  }

  @Test
  void whatWithoutProcesses_printsNone() throws Exception {
    SimulatedGuest guest = SimulatedGuest.windows7(3).boot();
    inspect(guest, "--what", "handles", "--what", "vads,tokens", "--format", "json");
    assertThat(json())
        .extracting(node -> node.get("kind").asText())
        .contains("system", "summary")
        .doesNotContain("process");
    JsonNode summary = json().get(json().size() - 1);
    assertThat(summary.get("coverage")).hasSize(3);
  }

  @Test
  void what_thatIsUnknown_is2_andNamesThemAll() {
    assertThat(output.run("inspect", "--what", "processes,threds", "x.raw")).isEqualTo(2);
    assertThat(output.err().lines()).hasSize(1);
    assertThat(output.err()).contains("'threds'").contains("all, processes, threads, modules");
  }

  @Test
  void what_inATable_endsEachKindWithItsCoverage() throws Exception {
    inspect(SimulatedGuest.windows7(3).boot(), "--what", "processes,handles");
    assertThat(output.out())
        .containsPattern("(?m)^handles: ")
        .containsPattern("\\d+ processes found; the active list was walked to its end");
  }

  @Test
  void pid_showsThatProcessAlone() throws Exception {
    inspect(SimulatedGuest.windows7(3).boot(), "--pid", "4,4", "--format", "json");
    assertThat(json())
        .filteredOn(node -> node.get("kind").asText().equals("process"))
        .extracting(node -> node.get("pid").asInt())
        .containsOnly(4);
  }

  @Test
  void wide_showsCommandLines() throws Exception {
    inspect(SimulatedGuest.windows7(3).boot(), "--wide");
    assertThat(output.out()).contains("COMMAND LINE").contains("INTEGRITY");
  }
}
