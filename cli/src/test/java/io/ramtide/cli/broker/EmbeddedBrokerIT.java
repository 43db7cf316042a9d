package io.ramtide.cli.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramtide.cli.Processes;
import io.ramtide.cli.data.FolderLock;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {
  private static final String TOPIC = "ramtide.rejected";

  @TempDir Path folder;

  @Test
  void data_survivesARestart() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.open(folder)) {
      assertThat(broker.isJoined()).isFalse();
      new TopicsAdmin(BrokerLink.to(broker)).create((short) 1);
      produce(broker, "one");
    }
    try (EmbeddedBroker broker = EmbeddedBroker.open(folder)) {
      assertThat(new TopicsAdmin(BrokerLink.to(broker)).describe())
          .allMatch(state -> state.kind() == TopicState.Kind.SAME);
      produce(broker, "two");
      assertThat(consume(broker, 2)).containsExactly("one", "two");
    }
  }

  @Test
  void secondOpen_joinsTheFirst() throws Exception {
    try (EmbeddedBroker first = EmbeddedBroker.open(folder)) {
      try (EmbeddedBroker second = EmbeddedBroker.open(folder)) {
        assertThat(second.isJoined()).isTrue();
        assertThat(second.bootstrapServers()).isEqualTo(first.bootstrapServers());
        assertThat(second.pid()).isEqualTo(ProcessHandle.current().pid());
      }
      BrokerLink.to(first).check();
    }
  }

  @Test
  void secondProcess_joinsTheFirst() throws Exception {
    Path data = folder.resolve("data");
    try (EmbeddedBroker broker = EmbeddedBroker.open(data.resolve("broker"))) {
      Processes.Result result = Processes.run("topics", "create", "--data", data.toString());
      assertThat(result.exitCode()).as(result.err()).isZero();
      assertThat(result.err())
          .contains("using the broker that process " + ProcessHandle.current().pid())
          .contains(broker.bootstrapServers());
      assertThat(new TopicsAdmin(BrokerLink.to(broker)).describe())
          .allMatch(state -> state.kind() == TopicState.Kind.SAME);
    }
  }

  @Test
  void addressOfAProcessThatIsGone_isIgnored() throws Exception {
    Files.createDirectories(folder);
    new Address(1, Long.MAX_VALUE).write(folder.resolve("address"));
    try (EmbeddedBroker broker = EmbeddedBroker.open(folder)) {
      assertThat(broker.isJoined()).isFalse();
      BrokerLink.to(broker).check();
    }
    assertThat(folder.resolve("address")).doesNotExist();
  }

  @Test
  void folderHeldWithoutABroker_isAFailureInTime() {
    try (FolderLock held = FolderLock.tryLock(folder).orElseThrow()) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> EmbeddedBroker.open(folder, Duration.ofMillis(300)))
          .isInstanceOf(Failure.class)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("--data");
    }
  }

  @Test
  void damagedFolder_isOneClearFailure_andLeavesTheFolderFree() throws Exception {
    EmbeddedBroker.open(folder).close();
    Files.writeString(folder.resolve("log").resolve("meta.properties"), "version=999\nnonsense");
    assertThatThrownBy(() -> EmbeddedBroker.open(folder))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("the embedded broker did not start")
        .hasMessageContaining(folder.toString())
        .extracting(e -> ((Failure) e).exitCode())
        .isEqualTo(ExitCode.LOCAL);
    FolderLock.tryLock(folder).orElseThrow().close();
  }

  private static void produce(EmbeddedBroker broker, String value) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            BrokerLink.to(broker).clientConfig(), new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, value)).get();
    }
  }

  private static List<String> consume(EmbeddedBroker broker, int count) {
    Map<String, Object> config = new HashMap<>(BrokerLink.to(broker).clientConfig());
    config.put("auto.offset.reset", "earliest");
    List<String> values = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (values.size() < count && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }
}
