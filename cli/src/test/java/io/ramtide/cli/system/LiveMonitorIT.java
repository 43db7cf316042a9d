package io.ramtide.cli.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ramtide.cli.Output;
import io.ramtide.cli.Processes;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.lab.Lab;
import io.ramtide.testkit.lab.LabGuest;
import io.ramtide.testkit.lab.LabRam;
import io.ramtide.testkit.lab.WindowsInGuest;
import io.ramtide.testkit.ram.RamRange;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** `ramtide monitor`, a process, on running virtual machines with a simulated Windows in one. */
class LiveMonitorIT {
  /** Up to the data of a value of more than 4 KiB, of which the topic has the beginning only. */
  private static final Pattern LARGE =
      Pattern.compile("(\\{\"kind\":\"registryValue\".*?\"length\":(?:[5-9]\\d{3}|\\d{5,}),).*");

  @TempDir static Path folder;
  private static Lab lab;
  private static LabGuest machine;
  private static LabGuest other;
  private static SimulatedGuest windows;
  private static WindowsInGuest live;

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(Lab.whyNot().isEmpty(), () -> Lab.whyNot().orElseThrow());
    lab = Lab.start();
    machine = lab.guest("watched").start();
    machine.hold();
    windows = SimulatedGuest.windows7(9).ram(machine.ram().ranges()).rootkit(false).boot();
    live = WindowsInGuest.install(machine, windows);
    other = lab.guest("bare").memoryMib(32).start();
    other.hold();
  }

  @AfterAll
  static void end() {
    if (lab != null) {
      lab.close();
    }
  }

  private static List<String> command(String data, String... more) {
    List<String> all = new java.util.ArrayList<>(List.of("monitor", "--uri", lab.uri()));
    all.addAll(List.of("--data", folder.resolve(data).toString()));
    all.addAll(List.of(more));
    return all;
  }

  @Test
  void listing_isWhatInspectShowsOfTheSameRam() throws Exception {
    Path raw = folder.resolve("ram.raw");
    save(machine.ram(), raw);
    Output inspected = new Output();
    assertThat(inspected.run("inspect", "--what", "all", "--format", "json", raw.toString()))
        .isZero();

    var result =
        Processes.run(
            command("json", "--domain", "watched", "--captures", "2", "--format", "json")
                .toArray(String[]::new));

    assertThat(result.exitCode()).as(result.err()).isZero();
    List<String> lines = result.out().lines().toList();
    int heading =
        lines.indexOf(
            "{\"kind\":\"listing\",\"domain\":\"%s\",\"name\":\"watched\",\"capture\":2}"
                .formatted(machine.uuid()));
    assertThat(heading).as(result.out()).isPositive();
    assertThat(findings(lines.subList(heading + 1, lines.size())))
        .containsExactlyInAnyOrderElementsOf(findings(inspected.lines()));
  }

  /** By what the laboratory knows of the machine, not by Ramtide. */
  private static void save(LabRam ram, Path raw) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(raw.toFile(), "rw")) {
      for (RamRange range : ram.ranges()) {
        file.seek(range.start());
        file.write(ram.read(range.start(), Math.toIntExact(range.length())));
      }
    }
  }

  private static List<String> findings(List<String> lines) {
    assertThat(lines.get(lines.size() - 1)).startsWith("{\"kind\":\"summary\"");
    return lines.subList(0, lines.size() - 1).stream()
        .map(line -> LARGE.matcher(line).replaceFirst("$1"))
        .toList();
  }

  @Test
  void severalGuests_areToldApart_andOneWithoutWindowsIsSaidToBe() throws Exception {
    var result =
        Processes.run(
            command("both", "--captures", "1", "--what", "processes").toArray(String[]::new));

    assertThat(result.exitCode()).as(result.err()).isEqualTo(5);
    assertThat(result.out())
        .contains("watched (%s), capture 1".formatted(machine.uuid()))
        .contains("bare (%s), capture 1".formatted(other.uuid()))
        .contains("no x64 Windows kernel found")
        .contains("explorer.exe");
  }

  @Test
  void libvirtdAway_isSaidOnce_andChangesAreToldWhenItIsBack() throws Exception {
    List<String> args =
        command("away", "--domain", "watched", "--every", "250ms", "--metrics-port", "0");
    try (Running monitor = Running.ramtide(args.toArray(String[]::new))) {
      monitor.await("-- capture of ");
      assertThat(metrics(monitor))
          .contains("ramtide_agent_hypervisor_up 1")
          .contains("domain=\"%s\"".formatted(machine.uuid()));
      lab.stopLibvirtd();
      monitor.await("does not answer any more");
      lab.startLibvirtd();
      monitor.await("answers again");
      windows.start("later.exe", 4);
      live.catchUp();
      monitor.await("later.exe");
      assertThat(monitor.terminate()).isEqualTo(143);
      assertThat(monitor.err()).filteredOn(line -> line.contains("not answer any more")).hasSize(1);
    }
  }

  private static String metrics(Running monitor) throws Exception {
    String where =
        monitor.err().stream()
            .filter(line -> line.contains("metrics on http"))
            .map(line -> line.substring(line.indexOf("http")))
            .findFirst()
            .orElseThrow();
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(where)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
