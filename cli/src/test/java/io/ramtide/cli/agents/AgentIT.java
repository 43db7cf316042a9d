package io.ramtide.cli.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.acquirer.Program;
import io.ramtide.acquirer.agent.Agent;
import io.ramtide.acquirer.agent.AgentListener;
import io.ramtide.acquirer.agent.AgentOptions;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import io.ramtide.cli.options.BrokerOptions;
import io.ramtide.schemas.AgentState;
import io.ramtide.schemas.AgentStatus;
import io.ramtide.schemas.Capability;
import io.ramtide.schemas.CaptureKind;
import io.ramtide.schemas.Command;
import io.ramtide.schemas.CommandAction;
import io.ramtide.schemas.CommandOutcome;
import io.ramtide.schemas.CommandResult;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.Topics;
import io.ramtide.testkit.lab.Lab;
import io.ramtide.testkit.lab.LabGuest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An agent on a real libvirtd with real guests, and a real broker. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgentIT {
  private Path folder;
  private final LinkedBlockingQueue<Manifest> captures = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<String> ends = new LinkedBlockingQueue<>();
  private Lab lab;
  private LabGuest one;
  private LabGuest two;
  private EmbeddedBroker broker;
  private BrokerLink link;
  private Agent agent;

  @BeforeAll
  void start(@TempDir Path temp) throws Exception {
    folder = temp;
    assumeTrue(Lab.whyNot().isEmpty(), () -> Lab.whyNot().orElseThrow());
    lab = Lab.start();
    one = lab.guest("agent-one").memoryMib(32).start();
    two = lab.guest("agent-two").memoryMib(32).start();
    broker = EmbeddedBroker.open(folder.resolve("broker"));
    link = BrokerLink.to(broker);
    BrokerOptions.ensureTopics(link);
    Path work = Files.createDirectory(folder.resolve("live"));
    AgentOptions options =
        AgentOptions.of(
                lab.uri(),
                new MethodOptions(work, MethodOptions.DEFAULT_MAX_PAUSE),
                new AcquirerOptions(folder.resolve("key.pem"), 64))
            .withDomains(List.of("agent-*"))
            .withEvery(Duration.ofMillis(250));
    agent = Agent.start(link.clientConfig(), options, new News());
  }

  @AfterAll
  void stop() throws Exception {
    if (agent != null) {
      agent.close();
      assertThat(status(found -> true).getState()).isEqualTo(AgentState.STOPPED);
    }
    if (broker != null) {
      broker.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void heartbeat_tellsWhatTheHostCanDo() throws Exception {
    AgentStatus status = status(found -> !found.getDomains().isEmpty());

    assertThat(status.getHypervisor()).startsWith("QEMU ");
    assertThat(status.getCapabilities())
        .extracting(Capability::getName)
        .contains("shared-memory", "process", "peek", "soft-dirty");
  }

  @Test
  void keyframe_isMade_andNamesTheCommand() throws Exception {
    capture(manifest -> manifest.getKind() == CaptureKind.DELTA && isOf(manifest, one));
    Command command = command(CommandAction.KEYFRAME, one);
    CommandResult result = done(command);

    assertThat(result.getMessage()).contains("agent-one: capture");
    Manifest manifest = capture(each -> command.getId().equals(each.getCommand()));
    assertThat(manifest.getKind()).isEqualTo(CaptureKind.KEYFRAME);
    assertThat(isOf(manifest, one)).isTrue();
  }

  @Test
  void hold_copiesByteForByte_andEveryCopyTellsItsOrigin() throws Exception {
    capture(manifest -> isOf(manifest, one));
    Command command = command(CommandAction.HOLD, one);
    CommandResult result = done(command);

    assertThat(result.getMessage()).contains("agent-one: captures ").contains("verified");
    List<ConsumerRecord<byte[], byte[]>> copies = copies(command.getId());
    assertThat(copies).isNotEmpty();
    assertThat(header(copies.get(copies.size() - 1), "ramtide.topic")).isEqualTo(Topics.CAPTURES);
    for (ConsumerRecord<byte[], byte[]> copy : copies) {
      var origin =
          new TopicPartition(
              header(copy, "ramtide.topic"), Integer.parseInt(header(copy, "ramtide.partition")));
      ConsumerRecord<byte[], byte[]> original =
          read(origin, Long.parseLong(header(copy, "ramtide.offset")), 1).get(0);
      assertThat(copy.key()).isEqualTo(original.key());
      assertThat(copy.value()).isEqualTo(original.value());
      assertThat(copy.timestamp()).isEqualTo(original.timestamp());
    }
  }

  @Test
  void libvirtdRestarted_guestDestroyed_theOtherIsCapturedFurther() throws Exception {
    lab.restartLibvirtd();
    captures.clear();
    capture(manifest -> isOf(manifest, one));
    two.destroy();
    assertThat(ends.poll(30, TimeUnit.SECONDS)).startsWith("agent-two: ");
    captures.clear();
    assertThat(isOf(capture(manifest -> true), one)).isTrue();
  }

  private static boolean isOf(Manifest manifest, LabGuest guest) {
    return manifest.getDomain().equals(guest.uuid().toString());
  }

  private Manifest capture(Predicate<Manifest> wanted) throws InterruptedException {
    while (true) {
      Manifest manifest = captures.poll(60, TimeUnit.SECONDS);
      assertThat(manifest).as("a capture").isNotNull();
      if (wanted.test(manifest)) {
        return manifest;
      }
    }
  }

  private AgentStatus status(Predicate<AgentStatus> wanted) {
    try (HeartbeatReader reader = new HeartbeatReader(link, unreadable -> {})) {
      reader.latest();
      while (true) {
        AgentStatus status = reader.next().get(Program.HOST);
        if (status != null && wanted.test(status)) {
          return status;
        }
      }
    }
  }

  private Command command(CommandAction action, LabGuest guest) {
    long now = System.currentTimeMillis() * 1000;
    return Command.newBuilder()
        .setId(UUID.randomUUID().toString())
        .setHost(Program.HOST)
        .setDomain(guest.uuid().toString())
        .setIssuedAt(now)
        .setExpiresAt(now + 60_000_000)
        .setIssuer("test")
        .setAction(action)
        .build();
  }

  private CommandResult done(Command command) throws InterruptedException {
    CommandSender sender = new CommandSender(link);
    try (HeartbeatReader heartbeats = new HeartbeatReader(link, unreadable -> {})) {
      sender.send(command);
      CommandResult result = sender.await(command, heartbeats, () -> false).orElseThrow();
      assertThat(result.getOutcome()).as(result.getMessage()).isEqualTo(CommandOutcome.DONE);
      return result;
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> copies(String command) {
    List<ConsumerRecord<byte[], byte[]>> copies = new ArrayList<>();
    for (int partition = 0; partition < 12; partition++) {
      for (var each : read(new TopicPartition(Topics.EVIDENCE, partition), 0, Long.MAX_VALUE)) {
        if (header(each, "ramtide.command").equals(command)) {
          copies.add(each);
        }
      }
    }
    return copies;
  }

  private List<ConsumerRecord<byte[], byte[]>> read(TopicPartition from, long offset, long most) {
    Map<String, Object> config = new HashMap<>(link.clientConfig());
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(from));
      long end = consumer.endOffsets(List.of(from)).get(from);
      consumer.seek(from, offset);
      while (consumer.position(from) < end && records.size() < most) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }

  private static String header(ConsumerRecord<byte[], byte[]> each, String name) {
    return new String(each.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  /** Keeps what happens. */
  private final class News implements AgentListener {
    @Override
    public void captured(Manifest manifest) {
      captures.add(manifest);
    }

    @Override
    public void ended(UUID domain, String name, String why) {
      ends.add(name + ": " + why);
    }
  }
}
