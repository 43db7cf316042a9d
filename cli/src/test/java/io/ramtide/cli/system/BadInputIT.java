package io.ramtide.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.cli.Output;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import io.ramtide.cli.broker.TopicsAdmin;
import io.ramtide.testkit.Corruption;
import io.ramtide.testkit.NotWindows;
import io.ramtide.testkit.SimulatedGuest;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no good dump, given to every command that takes one. */
class BadInputIT {
  @TempDir static Path brokerFolder;
  private static EmbeddedBroker broker;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.open(brokerFolder.resolve("log"));
    new TopicsAdmin(BrokerLink.to(broker)).create((short) 1);
  }

  @AfterAll
  static void stop() {
    if (broker != null) {
      broker.close();
    }
  }

  private static Output run(int code, String... command) {
    Output output = new Output();
    assertThat(output.run(command)).as(output.out() + output.err()).isEqualTo(code);
    return output;
  }

  private static Output inspect(int code, Path file) {
    return run(code, "inspect", "--format", "json", file.toString());
  }

  private static Output pipeline(int code, String command, Path file, String... more) {
    List<String> args =
        new java.util.ArrayList<>(
            List.of(
                command,
                file.toString(),
                "--bootstrap-servers",
                broker.bootstrapServers(),
                "--data",
                brokerFolder.resolve("data").toString()));
    args.addAll(List.of(more));
    return run(code, args.toArray(String[]::new));
  }

  private static JsonNode last(Output output) throws Exception {
    List<String> lines = output.lines();
    return new ObjectMapper().readTree(lines.get(lines.size() - 1));
  }

  private Path raw(SimulatedGuest guest) throws Exception {
    Path file = folder.resolve("guest.raw");
    guest.snapshot().writeRaw(file);
    return file;
  }

  /** Nothing reaches a topic of a file that cannot be read. */
  private static void assertUnreadable(Path file) {
    assertOneMessage(inspect(4, file), file);
    for (String command : List.of("acquire", "replay")) {
      assertOneMessage(pipeline(4, command, file), file);
    }
    assertThat(new Cluster(broker.bootstrapServers()).records("ramtide.captures"))
        .noneMatch(
            record ->
                new String(record.value(), java.nio.charset.StandardCharsets.ISO_8859_1)
                    .contains(file.getFileName().toString()));
  }

  private static void assertOneMessage(Output output, Path file) {
    assertThat(output.out()).isEmpty();
    assertThat(output.err().lines()).singleElement().asString().contains(file.toString());
  }

  @Test
  void missingFile_is4() {
    assertUnreadable(folder.resolve("missing.raw"));
  }

  @Test
  void emptyFile_is4() throws Exception {
    assertUnreadable(Files.createFile(folder.resolve("empty.raw")));
  }

  @Test
  void program_is4() throws Exception {
    byte[] elf = new byte[8192];
    System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}, 0, elf, 0, 7);
    elf[16] = 3; // ET_DYN, as programs are today
    elf[18] = 62; // x86-64
    assertUnreadable(Files.write(folder.resolve("ls"), elf));
  }

  @Test
  void truncatedElfCore_is3_withWhatIsLeft() throws Exception {
    SimulatedGuest guest = SimulatedGuest.windows7(3).boot();
    Path file = folder.resolve("cut.elf");
    guest.snapshot().writeElfCore(file, guest.truth().directoryTableBase());
    try (RandomAccessFile dump = new RandomAccessFile(file.toFile(), "rw")) {
      dump.setLength(dump.length() - (2 << 20));
    }
    Output inspected = inspect(3, file);
    assertThat(inspected.err()).contains("cut.elf");
    assertThat(inspected.out()).contains("\"kind\":\"process\"");
    assertThat(last(inspected).get("unreadableFrames").asLong()).isEqualTo(512);

    Output replayed = pipeline(3, "replay", file, "--format", "json");
    assertThat(replayed.err()).contains("cut.elf");
    assertThat(replayed.out()).contains("\"kind\":\"processEvent\"");
    assertThat(last(replayed).get("unreadableFrames").asLong()).isEqualTo(512);
    assertThat(pipeline(3, "acquire", file).err()).contains("cut.elf");
  }

  @Test
  void linux_is5_andNotAnEmptyList() throws Exception {
    Path file = folder.resolve("linux.raw");
    NotWindows.linux(2).writeRaw(file);
    assertNoWindows(file);
  }

  @Test
  void noise_is5() throws Exception {
    Path file = folder.resolve("noise.raw");
    NotWindows.noise(2).writeRaw(file);
    assertNoWindows(file);
  }

  @Test
  void guestThatNeverStarted_is5() throws Exception {
    Path file = folder.resolve("zero.raw");
    NotWindows.empty().writeRaw(file);
    assertNoWindows(file);
  }

  private static void assertNoWindows(Path file) throws Exception {
    JsonNode summary = last(inspect(5, file));
    assertThat(summary.get("status").asText()).isEqualTo("noWindows");
    assertThat(summary.get("activeList").asText()).isEqualTo("notWalked");
    assertThat(run(5, "inspect", file.toString()).out()).contains("no x64 Windows kernel found");
    JsonNode capture = last(pipeline(5, "replay", file, "--format", "json"));
    assertThat(capture.get("kind").asText()).isEqualTo("capture");
    assertThat(capture.get("status").asText()).isEqualTo("noWindows");
  }

  @Test
  void unknownBuild_is5_andNamed() throws Exception {
    SimulatedGuest guest = SimulatedGuest.windows7(4).boot();
    guest.corrupt(Corruption.unknownBuild(9999));
    Path file = raw(guest);
    JsonNode summary = last(inspect(5, file));
    assertThat(summary.get("status").asText()).isEqualTo("unsupportedBuild");
    assertThat(summary.get("detail").asText()).contains("9999");
    JsonNode capture = last(pipeline(5, "replay", file, "--format", "json"));
    assertThat(capture.get("status").asText()).isEqualTo("unsupportedBuild");
    assertThat(capture.get("detail").asText()).contains("9999");
  }

  @Test
  void unknownPdbGuid_isDecodedAsApproximate_withTheReason() throws Exception {
    SimulatedGuest guest = SimulatedGuest.windows7(4).boot();
    guest.corrupt(Corruption.unknownPdbGuid());
    Output output = inspect(0, raw(guest));
    JsonNode system = new ObjectMapper().readTree(output.lines().get(0));
    assertThat(system.get("symbolMatch").asText()).isEqualTo("approximate");
    assertThat(system.get("symbolMatchReason").asText()).isNotBlank();
    assertThat(last(output).get("status").asText()).isEqualTo("decoded");
  }

  @Test
  void listThatPointsAtItself_is3_withAllProcessesOfTheScan() throws Exception {
    SimulatedGuest guest = SimulatedGuest.windows7(5).boot();
    guest.corrupt(Corruption.activeListLoop());
    Path file = raw(guest);
    Output output = inspect(3, file);
    assertProcesses(output, guest);
    JsonNode summary = last(output);
    assertThat(summary.get("activeList").asText()).isEqualTo("incomplete");
    assertThat(summary.get("activeListDetail").asText()).isNotBlank();
    Output replayed = pipeline(3, "replay", file, "--format", "json");
    assertThat(last(replayed).get("activeList").asText()).isEqualTo("incomplete");
    assertThat(replayed.out()).doesNotContain("\"kind\":\"anomaly\"");
  }

  @Test
  void garbageDirectoryTableBase_ofAProcess_costsNoOther() throws Exception {
    SimulatedGuest guest = SimulatedGuest.windows7(6).boot();
    int pid = guest.start("victim.exe", 4);
    guest.corrupt(Corruption.garbageDirectoryTableBase(pid));
    Output output = inspect(0, raw(guest));
    assertThat(last(output).get("activeList").asText()).isEqualTo("complete");
    assertThat(output.lines())
        .filteredOn(line -> line.contains("\"pid\":%d,".formatted(pid)))
        .singleElement()
        .asString()
        .contains("\"imageName\":\"victim.exe\"")
        .contains("\"seenBy\":[\"activeList\"");
    assertProcesses(output, guest);
  }

  private static void assertProcesses(Output output, SimulatedGuest guest) throws Exception {
    List<String> found = new java.util.ArrayList<>();
    for (String line : output.lines()) {
      JsonNode process = new ObjectMapper().readTree(line);
      if (process.get("kind").asText().equals("process")) {
        found.add(
            "%s %s %s"
                .formatted(
                    process.get("pid"),
                    process.get("imageName").asText(),
                    process.get("objectGpa").asText()));
      }
    }
    // Idle is on no list; it is left out only where the list is known to be complete.
    found.removeIf(process -> process.startsWith("0 Idle "));
    assertThat(found)
        .containsExactlyInAnyOrderElementsOf(
            guest.truth().processes().stream()
                .map(
                    process ->
                        "%d %s %#x"
                            .formatted(process.pid(), process.imageName(), process.objectGpa()))
                .toList());
  }

  @Test
  void twoDumps_ofWhichOneIsUnreadable_makeNoCaptureAtAll() throws Exception {
    Path good = raw(SimulatedGuest.windows7(7).boot());
    Path bad = folder.resolve("missing.raw");
    String domain = UUID.randomUUID().toString();
    assertOneMessage(pipeline(4, "acquire", good, bad.toString(), "--domain", domain), bad);
    assertThat(new Cluster(broker.bootstrapServers()).manifests(domain)).isEmpty();
  }
}
