package io.ramtide.cli.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ramtide.cli.Processes;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import io.ramtide.cli.broker.TopicsAdmin;
import io.ramtide.testkit.lab.Backing;
import io.ramtide.testkit.lab.Lab;
import io.ramtide.testkit.lab.LabGuest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps running guests from being captured: a message, an exit code, no manifest, no harm. */
class LiveBadInputIT {
  @TempDir static Path folder;
  private static EmbeddedBroker broker;
  private static Path disk;
  private static Lab lab;
  private static LabGuest shared;
  private static LabGuest anonymous;
  private static LabGuest file;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Lab.whyNot().isEmpty(), () -> Lab.whyNot().orElseThrow());
    broker = EmbeddedBroker.open(folder.resolve("broker"));
    // Before the laboratory, whose processes see what was mounted by then.
    disk = Files.createDirectory(folder.resolve("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=1m,mode=755", "tmpfs", disk.toString());
    new TopicsAdmin(BrokerLink.to(broker)).create((short) 1);
    lab = Lab.start();
    shared = lab.guest("shared").memoryMib(32).start();
    anonymous = lab.guest("anonymous").memoryMib(32).backing(Backing.ANONYMOUS).start();
    file = lab.guest("file").memoryMib(32).backing(Backing.FILE).start();
  }

  @AfterAll
  static void end() throws Exception {
    if (lab != null) {
      lab.close();
    }
    if (disk != null) {
      run("umount", disk.toString());
    }
    if (broker != null) {
      broker.close();
    }
  }

  /** Whatever happened: nothing incomplete is visible, and every guest runs. */
  @AfterEach
  void nothingIsVisible_andGuestsRun() throws Exception {
    for (LabGuest guest : List.of(shared, anonymous, file)) {
      assertThat(new Cluster(broker.bootstrapServers()).manifests(guest.uuid().toString()))
          .isEmpty();
      assertThat(lab.virsh("domstate", guest.name()).strip()).isEqualTo("running");
      long counter = guest.counter();
      Await.until(guest.name() + " runs", () -> guest.counter() > counter, () -> counter);
    }
  }

  private static List<String> acquire(String uri, String... more) {
    List<String> args = new ArrayList<>(List.of("acquire", "--uri", uri, "--captures", "1"));
    args.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
    args.addAll(List.of("--data", folder.resolve("data").toString()));
    args.addAll(List.of(more));
    return args;
  }

  private static void assertFails(int code, String message, List<String> args) throws Exception {
    var result = Processes.run(args.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isEqualTo(code);
    assertThat(result.out()).isEmpty();
    List<String> lines = result.err().lines().toList();
    assertThat(lines.get(lines.size() - 1)).startsWith("ramtide: ").contains(message);
    assertThat(result.err()).doesNotContain("\tat ").doesNotContain("internal error");
  }

  @Test
  void noLibvirtd_is8() throws Exception {
    assertFails(
        8,
        "nothing answers for libvirt",
        acquire("qemu+unix:///system?socket=" + folder + "/none"));
  }

  @Test
  void socketWithoutPermission_is8() throws Exception {
    Path socket = Path.of(lab.uri().substring(lab.uri().indexOf('=') + 1));
    var before = Files.getPosixFilePermissions(socket);
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("---------"));
    try (Running ramtide = Running.without(List.of("dac_override"), acquire(lab.uri()))) {
      assertThat(ramtide.exitCode()).as(ramtide.toString()).isEqualTo(8);
      assertThat(ramtide.err()).last().asString().contains("ermission").contains("group libvirt");
    } finally {
      Files.setPosixFilePermissions(socket, before);
    }
  }

  @Test
  void noSuchGuest_is8_andThoseThatRunAreNamed() throws Exception {
    assertFails(
        8,
        "is named web*; these run: anonymous, file, shared",
        acquire(lab.uri(), "--domain", "web*"));
  }

  @Test
  void anonymousRam_bySharedMemory_is4() throws Exception {
    assertFails(
        4,
        "private memory of the QEMU process",
        acquire(lab.uri(), "--domain", "anonymous", "--method", "shared-memory"));
  }

  /** What QEMU's monitor refuses. */
  @Test
  void ramInAFile_byBackgroundSnapshot_is4_withQemusReason() throws Exception {
    assertFails(
        4,
        "QEMU refuses migrate-set-capabilities",
        acquire(lab.uri(), "--domain", "file", "--method", "background-snapshot"));
  }

  @Test
  void processThatMayNotBeRead_is4_andSaysWhatItTakes() throws Exception {
    try (Running ramtide =
        Running.without(
            List.of("sys_ptrace"),
            acquire(lab.uri(), "--domain", "anonymous", "--method", "process"))) {
      assertThat(ramtide.exitCode()).as(ramtide.toString()).isEqualTo(4);
      assertThat(ramtide.err()).last().asString().contains("CAP_SYS_PTRACE");
    }
  }

  @Test
  void keyThatIsNone_is7() throws Exception {
    Path data = folder.resolve("wrong-key");
    Files.createDirectories(data.resolve("keys"));
    Files.writeString(data.resolve("keys/acquirer.pem"), "no key\n");
    List<String> args = acquire(lab.uri());
    args.set(args.indexOf("--data") + 1, data.toString());
    assertFails(7, "acquirer.pem", args);
  }

  @Test
  void brokerThatIsNotThere_is6() throws Exception {
    List<String> args = acquire(lab.uri());
    args.set(args.indexOf("--bootstrap-servers") + 1, "127.0.0.1:1");
    assertFails(6, "127.0.0.1:1", args);
  }

  @Test
  void noRoomForADump_is7_beforeTheGuestIsStalled() throws Exception {
    assertFails(7, "a dump needs 32 MiB in " + disk, full("dump"));
  }

  @Test
  void noRoomForASnapshot_is7() throws Exception {
    assertFails(7, "no room for its snapshot", full("snapshot"));
  }

  private static List<String> full(String method) throws IOException {
    byte[] noise = new byte[8 << 20];
    new Random(1).nextBytes(noise);
    shared.ram().write(16 << 20, noise);
    return acquire(
        lab.uri(), "--domain", "shared", "--method", method, "--work-folder", disk.toString());
  }

  @Test
  void guestThatVanishesInMidCapture_is4_withoutManifest() throws Exception {
    try (LabGuest guest = lab.guest("brief").memoryMib(32).start()) {
      byte[] noise = new byte[8 << 20];
      new Random(2).nextBytes(noise);
      guest.ram().write(16 << 20, noise);
      Cluster cluster = new Cluster(broker.bootstrapServers());
      List<String> args = acquire(lab.uri(), "--domain", "brief", "--max-bandwidth", "600k");
      try (Running ramtide = Running.ramtide(Map.of(), args)) {
        String domain = guest.uuid().toString();
        Await.until(
            "a chunk is sent", () -> cluster.end("ramtide.pages", domain) > 0, ramtide::toString);
        guest.destroy();
        assertThat(ramtide.exitCode()).as(ramtide.toString()).isEqualTo(4);
        assertThat(ramtide.err()).last().asString().contains("brief");
      }
      assertThat(cluster.manifests(guest.uuid().toString())).isEmpty();
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0)
        .as(printed)
        .isTrue();
  }
}
