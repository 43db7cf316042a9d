package io.ramtide.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.cli.Output;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import io.ramtide.cli.broker.TopicsAdmin;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Finding;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.Rejected;
import io.ramtide.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others write to the topics ends on ramtide.rejected, and nobody dies of it. */
class BadRecordsIT {
  private static final byte[] FOREIGN = "{\"hello\": \"Kafka\"}".getBytes(StandardCharsets.UTF_8);
  private static final String PRODUCE = "producer_byte_rate";

  @TempDir Path folder;
  private final String domain = UUID.randomUUID().toString();
  private final Map<String, RecordMetadata> bad = new HashMap<>();
  private Cluster cluster;

  @Test
  void corruptAndForeignRecordsOnEveryTopic_areRejected_andTheNextCapturesAreTold()
      throws Exception {
    Incident incident = Incident.write(folder);
    try (EmbeddedBroker broker = EmbeddedBroker.open(folder.resolve("broker"))) {
      new TopicsAdmin(BrokerLink.to(broker)).create((short) 1);
      cluster = new Cluster(broker.bootstrapServers());
      try (Running scanner = Running.ramtide(on("scan"));
          Running correlator = Running.ramtide(on("correlate"))) {
        captureWithRubbishBetweenTheChunks(incident);
        Timeline.await(cluster, domain, 1);
        spoilCaptures();
        spoilFindings();
        spoilTimeline();

        assertThat(run("acquire", incident.names())).isZero();
        Timeline timeline = Timeline.await(cluster, domain, 3);

        incident.assertToldBy(timeline);
        assertThat(scanner.isAlive()).as(scanner.toString()).isTrue();
        assertThat(correlator.isAlive()).as(correlator.toString()).isTrue();
        assertWatched(timeline);
        assertAllRejected();
      }
    }
  }

  private String[] on(String... command) {
    List<String> args = new ArrayList<>(List.of(command));
    args.addAll(List.of("--bootstrap-servers", cluster.bootstrapServers()));
    args.addAll(List.of("--data", folder.resolve("data").toString()));
    return args.toArray(String[]::new);
  }

  private int run(String command, List<String> files) throws Exception {
    try (Running process = acquire(command, files)) {
      return process.exitCode();
    }
  }

  private Running acquire(String command, List<String> files) throws Exception {
    List<String> args =
        new ArrayList<>(
            List.of(
                on(
                    command,
                    "--domain",
                    domain,
                    "--config",
                    Cluster.chunkByChunk(folder).toString())));
    args.addAll(files);
    return Running.ramtide(args.toArray(String[]::new));
  }

  private void spoil(String what, String topic, String key, byte[] value) throws Exception {
    bad.put(what, cluster.send(topic, domain, key, value));
  }

  private void captureWithRubbishBetweenTheChunks(Incident incident) throws Exception {
    cluster.throttle("ramtide-acquirer", PRODUCE, 16 << 10);
    try (Running acquirer = acquire("acquire", incident.names().subList(0, 1))) {
      Await.until(
          "chunks are sent", () -> cluster.end(Topics.PAGES, domain) > 0, acquirer::toString);
      spoil("foreign chunk", Topics.PAGES, "key", FOREIGN);
      spoil("corrupt chunk", Topics.PAGES, domain + "/1/0", cut(pages().get(0).value()));
      spoil("chunk without value", Topics.PAGES, domain + "/1/1", null);
      assertThat(cluster.manifests(domain)).isEmpty();
      cluster.unthrottle("ramtide-acquirer", PRODUCE);
      assertThat(acquirer.exitCode()).as(acquirer.toString()).isZero();
    }
    var stripe = cluster.manifests(domain).get(0).getStripes().get(0);
    assertThat(bad.values())
        .as("in the middle of the capture's range")
        .allMatch(record -> record.offset() > stripe.getFirstOffset())
        .allMatch(record -> record.offset() < stripe.getLastOffset());
  }

  private List<ConsumerRecord<byte[], byte[]>> pages() {
    return cluster.records(Topics.PAGES);
  }

  private static byte[] cut(byte[] value) {
    return Arrays.copyOf(value, value.length / 2);
  }

  private void spoilCaptures() throws Exception {
    byte[] manifest = cluster.records(Topics.CAPTURES).get(0).value();
    spoil("foreign manifest", Topics.CAPTURES, domain, FOREIGN);
    spoil("corrupt manifest", Topics.CAPTURES, domain, cut(manifest));
    spoil("manifest without value", Topics.CAPTURES, domain, null);
    AvroCodec<Manifest> codec = AvroCodec.of(Manifest.class);
    Manifest forged =
        Manifest.newBuilder(codec.decode(manifest)).setCapture(2).setHost("forged").build();
    spoil("forged manifest", Topics.CAPTURES, domain, codec.encode(forged));
  }

  private void spoilFindings() throws Exception {
    ConsumerRecord<byte[], byte[]> finding = cluster.records(Topics.FINDINGS).get(0);
    spoil("foreign finding", Topics.FINDINGS, domain, FOREIGN);
    spoil("corrupt finding", Topics.FINDINGS, domain, cut(finding.value()));
    spoil("finding without value", Topics.FINDINGS, domain, null);
    FindingCodec codec = new FindingCodec();
    Finding other = codec.decode(finding.value());
    spoil(
        "finding of no domain",
        Topics.FINDINGS,
        domain,
        codec.encode("../../etc/passwd\u001b[2J", other.capture(), other.body()));
  }

  private void spoilTimeline() throws Exception {
    byte[] event = cluster.records(Topics.TIMELINE_PROCESS).get(0).value();
    spoil("foreign event", Topics.TIMELINE_PROCESS, domain, FOREIGN);
    spoil("corrupt event", Topics.TIMELINE_PROCESS, domain, cut(event));
    spoil("foreign anomaly", Topics.ANOMALIES, domain, FOREIGN);
    spoil("event instead of an anomaly", Topics.ANOMALIES, domain, event);
  }

  private void assertWatched(Timeline timeline) {
    Output watch = new Output();
    assertThat(watch.run(on("watch", "--from", "beginning", "-n", "--format", "json")))
        .as(watch.err())
        .isZero();
    assertThat(Timeline.ofLines(domain, watch.lines())).isEqualTo(timeline);
    assertThat(watch.err()).contains("4 records could not be read");
  }

  private void assertAllRejected() throws Exception {
    Map<String, Rejected> rejected = new HashMap<>();
    for (Rejected each : cluster.rejected()) {
      rejected.put(
          "%s-%d@%d".formatted(each.getTopic(), each.getPartition(), each.getOffset()), each);
    }
    bad.forEach(
        (what, record) -> {
          Rejected found = rejected.get(record.toString());
          assertThat(found).as("%s at %s in %s", what, record, rejected.keySet()).isNotNull();
          assertThat(found.getReason()).as(what).isNotBlank();
        });
    assertThat(rejected).hasSameSizeAs(bad);
    assertThat(rejected.get(bad.get("forged manifest").toString()).getReason())
        .contains("signature");
  }
}
