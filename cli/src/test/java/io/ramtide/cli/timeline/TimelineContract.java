package io.ramtide.cli.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.cli.Output;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.TopicState;
import io.ramtide.cli.broker.TopicsAdmin;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.Evidence;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.ProcessEventType;
import io.ramtide.schemas.Rejected;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.View;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds on any real broker. */
abstract class TimelineContract {
  private final String domain = UUID.randomUUID().toString();
  private final Output output = new Output();

  abstract BrokerLink broker();

  @BeforeEach
  void createTopics() {
    new TopicsAdmin(broker()).create((short) 1);
  }

  @Test
  void topics_areAsInTheCatalogue_andCreatingThemAgainChangesNothing() {
    assertThat(new TopicsAdmin(broker()).create((short) 1))
        .hasSameSizeAs(Topics.all())
        .allMatch(state -> state.kind() == TopicState.Kind.SAME)
        .allMatch(state -> state.replicas() == 1);
  }

  @Test
  void watch_printsOneDomainAndPassesOverTheUnreadable() throws Exception {
    byte[] foreign = "hello, Kafka".getBytes(StandardCharsets.UTF_8);
    send(Topics.TIMELINE_PROCESS, AvroCodec.of(ProcessEvent.class).encode(event(domain, 7)));
    send(Topics.TIMELINE_PROCESS, foreign);
    send(Topics.TIMELINE_PROCESS, null);
    send(
        Topics.TIMELINE_PROCESS,
        AvroCodec.of(ProcessEvent.class).encode(event(UUID.randomUUID().toString(), 8)));
    send(Topics.TIMELINE_PROCESS, AvroCodec.of(CaptureEvent.class).encode(capture(domain)));

    int code =
        output.run(
            "watch",
            "--bootstrap-servers",
            broker().bootstrapServers(),
            "--domain",
            domain,
            "--from",
            "beginning",
            "-n",
            "--format",
            "json");

    assertThat(code).as(output.err()).isZero();
    assertThat(output.lines()).hasSize(2);
    assertThat(output.lines().get(0)).contains("\"kind\":\"processEvent\"").contains("\"pid\":7");
    assertThat(output.lines().get(1)).contains("\"kind\":\"capture\"");
    assertThat(output.err()).contains("2 records could not be read; they are on ramtide.rejected");
    assertThat(rejected())
        .anySatisfy(
            record -> {
              assertThat(record.getRole()).isEqualTo("watch");
              assertThat(record.getTopic()).isEqualTo(Topics.TIMELINE_PROCESS);
              assertThat(record.getValueBytes()).isEqualTo(foreign.length);
              assertThat(record.getReason()).contains("single-object encoding");
            });
  }

  @Test
  void watch_fromNow_printsNothingOld() throws Exception {
    send(Topics.TIMELINE_PROCESS, AvroCodec.of(ProcessEvent.class).encode(event(domain, 7)));
    assertThat(output.run("watch", "--bootstrap-servers", broker().bootstrapServers(), "-n"))
        .isZero();
    assertThat(output.out()).isEmpty();
  }

  private static ProcessEvent event(String domain, long pid) {
    return ProcessEvent.newBuilder()
        .setDomain(domain)
        .setCapture(1)
        .setType(ProcessEventType.appeared)
        .setNotAfter(0)
        .setPid(pid)
        .setEvidence(new Evidence(1L, 0x1000L, null, List.of(View.activeList)))
        .build();
  }

  private static CaptureEvent capture(String domain) {
    return CaptureEvent.newBuilder()
        .setDomain(domain)
        .setCapture(1)
        .setStatus(CaptureStatus.DECODED)
        .setTime(0)
        .setProcesses(1)
        .setEvents(1)
        .setAnomalies(0)
        .setActiveList(ListStatus.complete)
        .setUnreadableFrames(0)
        .build();
  }

  private void send(String topic, byte[] value) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            broker().clientConfig(), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>(topic, domain.getBytes(StandardCharsets.UTF_8), value))
          .get();
    }
  }

  private List<Rejected> rejected() throws Exception {
    Map<String, Object> config = new HashMap<>(broker().clientConfig());
    config.put("auto.offset.reset", "earliest");
    List<Rejected> all = new ArrayList<>();
    TopicPartition partition = new TopicPartition(Topics.REJECTED, 0);
    try (var consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          all.add(AvroCodec.of(Rejected.class).decode(record.value()));
        }
      }
    }
    return all;
  }
}
