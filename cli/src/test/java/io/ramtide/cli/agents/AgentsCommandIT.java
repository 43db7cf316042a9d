package io.ramtide.cli.agents;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.cli.Output;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import io.ramtide.cli.options.BrokerOptions;
import io.ramtide.schemas.AgentDomain;
import io.ramtide.schemas.AgentState;
import io.ramtide.schemas.AgentStatus;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Command;
import io.ramtide.schemas.CommandAction;
import io.ramtide.schemas.CommandOutcome;
import io.ramtide.schemas.CommandResult;
import io.ramtide.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** `ramtide agents` and `ramtide command`, and an agent that is played by the test. */
@Timeout(120)
class AgentsCommandIT {
  private static final String HOST = "kvm07";
  private static final String DOMAIN = UUID.randomUUID().toString();

  @TempDir Path folder;
  private EmbeddedBroker broker;
  private BrokerLink link;

  @BeforeEach
  void start() {
    broker = EmbeddedBroker.open(folder);
    link = BrokerLink.to(broker);
    BrokerOptions.ensureTopics(link);
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private Output run(int code, String... command) {
    List<String> args = new java.util.ArrayList<>(List.of(command));
    args.addAll(List.of("--bootstrap-servers", link.bootstrapServers()));
    Output output = new Output();
    assertThat(output.run(args.toArray(String[]::new))).as(output.err()).isEqualTo(code);
    return output;
  }

  private void heartbeat(AgentState state, long at, List<CommandResult> results) throws Exception {
    AgentDomain domain =
        AgentDomain.newBuilder()
            .setDomain(DOMAIN)
            .setName("web01")
            .setState("waiting")
            .setMethod("shared-memory")
            .setIntervalMillis(1000)
            .setCaptures(17)
            .setFailures(2)
            .build();
    AgentStatus status =
        AgentStatus.newBuilder()
            .setHost(HOST)
            .setAgent("test")
            .setAt(at)
            .setStartedAt(at)
            .setState(state)
            .setUri("qemu:///system")
            .setHeartbeatMillis(10_000)
            .setCapabilities(List.of())
            .setDomains(List.of(domain))
            .setResults(results)
            .build();
    try (var producer =
        new KafkaProducer<>(
            link.clientConfig(), new ByteArraySerializer(), new ByteArraySerializer())) {
      byte[] value = AvroCodec.of(AgentStatus.class).encode(status);
      byte[] key = HOST.getBytes(StandardCharsets.UTF_8);
      producer.send(new ProducerRecord<>(Topics.AGENTS, key, value)).get();
    }
  }

  private static long now() {
    return System.currentTimeMillis() * 1000;
  }

  @Test
  void noAgent_isSaid_andCommandsToItAre9() {
    assertThat(run(0, "agents").err()).contains("no acquirer of running guests");
    assertThat(run(9, "command", "keyframe", "--host", HOST).err())
        .contains("no acquirer on host kvm07");
  }

  @Test
  void agents_areShown_overdueOnesToo() throws Exception {
    heartbeat(AgentState.RUNNING, now(), List.of());
    assertThat(run(0, "agents").out()).contains("kvm07", "running", "web01", "shared-memory", "17");
    assertThat(run(0, "agents", "--format", "json").out())
        .startsWith("{\"kind\":\"agent\",\"host\":\"kvm07\"")
        .contains("\"domain\":\"%s\"".formatted(DOMAIN));
    heartbeat(AgentState.RUNNING, now() - 60_000_000, List.of());
    assertThat(run(0, "agents").out()).contains("overdue");
    heartbeat(AgentState.STOPPED, now() - 60_000_000, List.of());
    assertThat(run(0, "agents").out()).contains("stopped").doesNotContain("overdue");
  }

  @Test
  void command_isWritten_andItsResultToldWithTheExitCode() throws Exception {
    heartbeat(AgentState.RUNNING, now(), List.of());
    var done = CompletableFuture.supplyAsync(() -> answer(0, CommandOutcome.DONE));
    Output output =
        run(0, "command", "interval", "--host", HOST, "--domain", "web01", "--every", "250ms");
    Command command = done.get();
    assertThat(command.getAction()).isEqualTo(CommandAction.INTERVAL);
    assertThat(command.getDomain()).isEqualTo(DOMAIN);
    assertThat(command.getIntervalMillis()).isEqualTo(250);
    assertThat(output.out().strip()).isEqualTo("done: as asked");

    var refused = CompletableFuture.supplyAsync(() -> answer(1, CommandOutcome.REFUSED));
    assertThat(run(9, "command", "hold", "--host", HOST).err()).contains("refused: as asked");
    assertThat(refused.get().getDomain()).isNull();
  }

  @Test
  void domainThatIsNotCaptured_is9() throws Exception {
    heartbeat(AgentState.RUNNING, now(), List.of());
    assertThat(run(9, "command", "keyframe", "--host", HOST, "--domain", "db01").err())
        .contains("captures no domain named db01");
  }

  /** Takes the command at an offset and answers it in a heartbeat. */
  private Command answer(long offset, CommandOutcome outcome) {
    var partition = new TopicPartition(Topics.COMMANDS, 0);
    try (var consumer =
        new KafkaConsumer<>(
            link.clientConfig(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, offset);
      while (true) {
        for (var each : consumer.poll(Duration.ofMillis(100))) {
          Command command = AvroCodec.of(Command.class).decode(each.value());
          CommandResult result =
              CommandResult.newBuilder()
                  .setId(command.getId())
                  .setAt(now())
                  .setOutcome(outcome)
                  .setMessage("as asked")
                  .build();
          heartbeat(AgentState.RUNNING, now(), List.of(result));
          return command;
        }
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
