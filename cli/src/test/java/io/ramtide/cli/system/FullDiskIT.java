package io.ramtide.cli.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import io.ramtide.cli.broker.TopicsAdmin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full: a message, exit code 7, and nothing lost once there is room. */
class FullDiskIT {
  @TempDir Path folder;
  private final String domain = UUID.randomUUID().toString();
  private Path disk;
  private Incident incident;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        system("mount", "-t", "tmpfs", "-o", "size=64k", "ramtide-test", disk.toString()),
        "SKIPPED: a small tmpfs cannot be mounted here (it takes root)");
    incident = Incident.write(Files.createDirectory(folder.resolve("dumps")));
  }

  @AfterEach
  void unmount() throws Exception {
    if (incident != null) {
      assertThat(system("umount", disk.toString())).isTrue();
    }
  }

  private void resize(String size) throws Exception {
    assertThat(system("mount", "-o", "remount,size=" + size, disk.toString())).isTrue();
  }

  private static boolean system(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // There is no such program.
    }
  }

  private static Running ramtide(List<String> command, Path data) throws IOException {
    List<String> args = new ArrayList<>(command);
    args.addAll(List.of("--data", data.toString()));
    return Running.ramtide(args.toArray(String[]::new));
  }

  private static void assertFull(Running process, Path disk) throws Exception {
    assertThat(process.exitCode()).as(process.toString()).isEqualTo(7);
    assertThat(process.err())
        .as(process.toString())
        .anySatisfy(line -> assertThat(line).startsWith("ramtide: ").contains(disk.toString()));
    assertThat(process.err()).noneMatch(line -> line.startsWith("\tat "));
  }

  @Test
  void embeddedBrokerOnAFullDisk_is7_andTheSameCommandSucceedsWithMoreRoom() throws Exception {
    List<String> replay =
        new ArrayList<>(List.of("replay", "--format", "json", "--domain", domain));
    replay.addAll(incident.names());
    resize("2m");
    try (Running full = ramtide(replay, disk)) {
      assertFull(full, disk);
    }
    resize("2g");
    try (Running again = ramtide(replay, disk)) {
      assertThat(again.exitCode()).as(again.toString()).isZero();
      incident.assertToldBy(Timeline.ofLines(domain, again.out()));
    }
  }

  @Test
  void scannersCacheOnAFullDisk_is7_andTheCaptureIsScannedWithMoreRoom() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.open(folder.resolve("broker"))) {
      new TopicsAdmin(BrokerLink.to(broker)).create((short) 1);
      List<String> on = List.of("--bootstrap-servers", broker.bootstrapServers());
      List<String> acquire = new ArrayList<>(List.of("acquire", "--domain", domain));
      acquire.addAll(on);
      acquire.addAll(incident.names());
      try (Running acquirer = ramtide(acquire, folder.resolve("data"))) {
        assertThat(acquirer.exitCode()).as(acquirer.toString()).isZero();
      }
      List<String> scan = new ArrayList<>(List.of("scan"));
      scan.addAll(on);
      try (Running full = ramtide(scan, disk)) {
        assertFull(full, disk);
      }
      resize("1g");
      List<String> correlate = new ArrayList<>(List.of("correlate"));
      correlate.addAll(on);
      try (Running scanner = ramtide(scan, disk);
          Running correlator = ramtide(correlate, folder.resolve("data"))) {
        incident.assertToldBy(
            Timeline.await(
                new Cluster(broker.bootstrapServers()), domain, incident.files().size()));
        assertThat(scanner.isAlive()).as(scanner.toString()).isTrue();
        assertThat(correlator.isAlive()).as(correlator.toString()).isTrue();
      }
    }
  }
}
