package io.ramtide.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.cli.Output;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import io.ramtide.cli.broker.TopicsAdmin;
import io.ramtide.schemas.Finding;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 in the middle of a capture. What follows the killed capture comes behind everything that
 * a restart could tell twice, so the timelines of whole runs are compared.
 */
class KillIT {
  private static final String PRODUCE = "producer_byte_rate";
  private static final String FETCH = "consumer_byte_rate";

  /** Less than the broker's default session timeout of 45 s: nobody waits for a dead member. */
  private static final Set<FindingKind> SENT =
      EnumSet.of(
          FindingKind.system,
          FindingKind.process,
          FindingKind.kernelModule,
          FindingKind.hive,
          FindingKind.registryKey,
          FindingKind.endpoint,
          FindingKind.summary);

  private static final Duration PROMPT = Duration.ofSeconds(30);

  @TempDir static Path folder;
  private static Incident incident;
  private static EmbeddedBroker broker;
  private static Cluster cluster;
  private static Timeline undisturbed;

  private final String domain = UUID.randomUUID().toString();
  private final List<Running> running = new ArrayList<>();

  @BeforeAll
  static void runUndisturbed() throws Exception {
    incident = Incident.write(folder);
    broker = EmbeddedBroker.open(folder.resolve("broker"));
    new TopicsAdmin(BrokerLink.to(broker)).create((short) 1);
    cluster = new Cluster(broker.bootstrapServers());
    String domain = UUID.randomUUID().toString();
    Output output = new Output();
    int code =
        output.run(
            onFiles("replay", "--format", "json", "--domain", domain).toArray(String[]::new));
    assertThat(code).as(output.err()).isZero();
    undisturbed = Timeline.ofLines(domain, output.lines());
    incident.assertToldBy(undisturbed);
  }

  @AfterAll
  static void stop() {
    if (broker != null) {
      broker.close();
    }
  }

  @AfterEach
  void end() throws Exception {
    for (Running each : running) {
      each.close();
    }
  }

  private static List<String> on(String... command) {
    List<String> args = new ArrayList<>(List.of(command));
    args.addAll(List.of("--bootstrap-servers", cluster.bootstrapServers()));
    args.addAll(List.of("--data", folder.resolve("data").toString()));
    return args;
  }

  private static List<String> onFiles(String... command) {
    List<String> args = on(command);
    args.addAll(incident.names());
    return args;
  }

  private Running start(List<String> args) throws IOException {
    Running process = Running.ramtide(args.toArray(String[]::new));
    running.add(process);
    return process;
  }

  private Running start(String role) throws Exception {
    return start(on(role)).await(" runs on ");
  }

  private List<String> acquire() {
    return onFiles("acquire", "--domain", domain);
  }

  private void assertUndisturbed() throws Exception {
    assertThat(Timeline.await(cluster, domain, 3)).isEqualTo(undisturbed);
    assertThat(cluster.manifests(domain))
        .extracting(Manifest::getCapture)
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  void acquirer_killedWhileItSends_leavesNoCapture_andTheNextRunMakesIt() throws Exception {
    start("scan");
    start("correlate");
    long before = cluster.end(Topics.PAGES, domain);
    List<String> acquire = acquire();
    acquire.addAll(List.of("--config", Cluster.chunkByChunk(folder).toString()));
    cluster.throttle("ramtide-acquirer", PRODUCE, 4 << 10);
    try {
      Running acquirer = start(acquire);
      Await.until(
          "chunks are sent", () -> cluster.end(Topics.PAGES, domain) > before, acquirer::toString);
      assertThat(cluster.manifests(domain)).isEmpty();
      assertThat(acquirer.isAlive()).as(acquirer.toString()).isTrue();
      acquirer.kill();
    } finally {
      cluster.unthrottle("ramtide-acquirer", PRODUCE);
    }
    long left = cluster.end(Topics.PAGES, domain);
    assertThat(cluster.manifests(domain)).isEmpty();

    Running again = start(acquire);
    assertThat(again.exitCode()).as(again.toString()).isZero();
    assertUndisturbed();
    assertThat(cluster.manifests(domain).get(0).getStripes().get(0).getFirstOffset())
        .isGreaterThanOrEqualTo(left);
  }

  @Test
  void scanner_killedWithACaptureInHand_publishesItOnceAfterARestart() throws Exception {
    start("correlate");
    // Its fetches wait: it stays in the middle of the first capture until it is killed.
    String client = "scanner-" + domain;
    Path config = Files.writeString(folder.resolve(client), "client.id=" + client + "\n");
    List<String> scan = on("scan", "--config", config.toString());
    cluster.throttle(client, FETCH, 16 << 10);
    Path images;
    try {
      Running scanner = start(scan).await(" runs on ");
      assertThat(start(acquire()).exitCode()).isZero();
      images = folder.resolve("data/scanner");
      Await.until("the scanner has an image in hand", () -> hasImage(images), scanner::toString);
      assertThat(findings()).isEmpty();
      assertThat(scanner.isAlive()).as(scanner.toString()).isTrue();
      scanner.kill();
    } finally {
      cluster.unthrottle(client, FETCH);
    }
    assertThat(findings()).isEmpty();

    long begun = System.nanoTime();
    start(scan);
    assertUndisturbed();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PROMPT);
  }

  /** Every scanner empties its cache when it starts. */
  private static boolean hasImage(Path cache) throws IOException {
    try (Stream<Path> files = Files.walk(cache)) {
      return files.anyMatch(file -> file.getParent().endsWith("images"));
    } catch (java.io.UncheckedIOException e) {
      return false; // It was emptied in this moment.
    }
  }

  private List<Finding> findings() throws Exception {
    FindingCodec codec = new FindingCodec();
    List<Finding> findings = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : cluster.records(Topics.FINDINGS)) {
      Finding finding = codec.decode(record.value());
      if (finding.domain().equals(domain)) {
        findings.add(finding);
      }
    }
    return findings;
  }

  @Test
  void correlator_killedBetweenTheFindingsOfACapture_goesOnWhereItWas() throws Exception {
    // The findings of the undisturbed run, as another domain's, so that they can be held back.
    List<byte[]> findings = new ArrayList<>();
    FindingCodec codec = new FindingCodec();
    String other = null;
    for (ConsumerRecord<byte[], byte[]> record : cluster.records(Topics.FINDINGS)) {
      Finding finding = codec.decode(record.value());
      other = other == null ? finding.domain() : other;
      // The thousands of other kinds are skipped, and sending them one by one takes its time.
      if (finding.domain().equals(other) && SENT.contains(finding.kind())) {
        findings.add(codec.encode(domain, finding.capture(), finding.body()));
      }
    }
    Running correlator = start("correlate");
    int half = findings.size() / 2;
    send(findings.subList(0, half));
    awaitCorrelated();
    correlator.kill();
    send(findings.subList(half, half + 10));

    long begun = System.nanoTime();
    Running again = start("correlate");
    awaitCorrelated();
    again.kill();
    start("correlate");
    send(findings.subList(half + 10, findings.size()));
    assertThat(Timeline.await(cluster, domain, 3)).isEqualTo(undisturbed);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PROMPT);
  }

  private void send(List<byte[]> findings) throws Exception {
    cluster.send(Topics.FINDINGS, domain, domain, findings);
  }

  private void awaitCorrelated() throws Exception {
    TopicPartition partition = new TopicPartition(Topics.FINDINGS, Cluster.partitionOf(domain));
    long end = cluster.end(Topics.FINDINGS, domain);
    try (var admin = cluster.admin()) {
      Await.until(
          "the correlator has committed offset " + end,
          () -> {
            OffsetAndMetadata committed =
                admin
                    .listConsumerGroupOffsets("ramtide-correlator")
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(partition);
            return committed != null && committed.offset() >= end;
          },
          running::toString);
    }
  }

  @Test
  void correlator_killedWhenFindingsCome_tellsThemOnce() throws Exception {
    Running correlator = start("correlate");
    start("scan");
    long before = cluster.end(Topics.FINDINGS, domain);
    Running acquirer = start(acquire());
    Await.until(
        "findings come", () -> cluster.end(Topics.FINDINGS, domain) > before, running::toString);
    correlator.kill();
    assertThat(acquirer.exitCode()).as(acquirer.toString()).isZero();

    long begun = System.nanoTime();
    start("correlate");
    assertUndisturbed();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PROMPT);
  }

  @Test
  void replay_killedWithItsBroker_tellsTheSameWhenItRunsAgain() throws Exception {
    List<String> replay =
        new ArrayList<>(List.of("replay", "--format", "json", "--domain", domain, "--data"));
    replay.add(folder.resolve("own").toString());
    replay.addAll(incident.names());
    Running killed = start(replay).await("{\"kind\":\"capture\"");
    assertThat(killed.isAlive()).as(killed.toString()).isTrue();
    killed.kill();
    assertThat(killed.out())
        .noneMatch(
            line ->
                line.startsWith(
                    "{\"kind\":\"capture\",\"domain\":\"%s\",\"capture\":3".formatted(domain)));

    Running again = start(replay);
    assertThat(again.exitCode()).as(again.toString()).isZero();
    assertThat(Timeline.ofLines(domain, again.out())).isEqualTo(undisturbed);
    // The topics hold nothing twice either.
    Running watch =
        start(
            List.of(
                "watch",
                "--data",
                folder.resolve("own").toString(),
                "--from",
                "beginning",
                "-n",
                "--format",
                "json"));
    assertThat(watch.exitCode()).as(watch.toString()).isZero();
    assertThat(Timeline.ofLines(domain, watch.out())).isEqualTo(undisturbed);
  }
}
