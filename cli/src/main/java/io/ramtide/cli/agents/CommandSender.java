package io.ramtide.cli.agents;

import io.ramtide.cli.broker.BrokerFaults;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.schemas.AgentStatus;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Command;
import io.ramtide.schemas.CommandResult;
import io.ramtide.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes commands to acquirers, and waits for what becomes of them. */
public final class CommandSender {
  /** Time for an acquirer to answer after a command expired. */
  private static final Duration MORE = Duration.ofSeconds(15);

  private final BrokerLink broker;
  private final AvroCodec<Command> codec = AvroCodec.of(Command.class);

  public CommandSender(BrokerLink broker) {
    this.broker = broker;
  }

  /** Writes the command; it is on the broker when this returns. */
  public void send(Command command) throws InterruptedException {
    Map<String, Object> config = new HashMap<>(broker.clientConfig());
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
    byte[] key = command.getHost().getBytes(StandardCharsets.UTF_8);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(Topics.COMMANDS, key, codec.encode(command))).get();
    } catch (ExecutionException e) {
      throw BrokerFaults.of(e.getCause(), broker.bootstrapServers());
    } catch (KafkaException e) {
      throw BrokerFaults.of(e, broker.bootstrapServers());
    }
  }

  /**
   * Waits until the acquirer tells what became of the command; empty if it does not in time.
   *
   * @param isOver whether nobody waits any more
   */
  public Optional<CommandResult> await(
      Command command, HeartbeatReader heartbeats, BooleanSupplier isOver) {
    Instant expiry = Instant.EPOCH.plus(command.getExpiresAt(), ChronoUnit.MICROS);
    Instant until = expiry.plus(MORE);
    while (Instant.now().isBefore(until) && !isOver.getAsBoolean()) {
      AgentStatus status = heartbeats.next().get(command.getHost());
      if (status != null) {
        for (CommandResult result : status.getResults()) {
          if (result.getId().equals(command.getId())) {
            return Optional.of(result);
          }
        }
      }
    }
    return Optional.empty();
  }
}
