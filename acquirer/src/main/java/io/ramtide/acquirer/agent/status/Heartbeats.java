package io.ramtide.acquirer.agent.status;

import io.ramtide.acquirer.Program;
import io.ramtide.acquirer.agent.command.Results;
import io.ramtide.acquirer.agent.domain.DomainStatus;
import io.ramtide.acquirer.pages.Clocks;
import io.ramtide.schemas.AgentState;
import io.ramtide.schemas.AgentStatus;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes heartbeats: at an interval, and soon after something changed. One thread at a time. */
public final class Heartbeats {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);
  public static final Duration INTERVAL = Duration.ofSeconds(10);

  /** Changes that come in a burst are one heartbeat. */
  private static final Duration SHORTEST = Duration.ofMillis(250);

  /** A record stays below every default limit of Kafka; a host has fewer. */
  private static final int MOST_DOMAINS = 1000;

  private final Producer<byte[], byte[]> producer;
  private final AgentView view;
  private final Results results;
  private final AvroCodec<AgentStatus> codec = AvroCodec.of(AgentStatus.class);
  private final long startedAt = Clocks.micros();
  private long sentAt = System.nanoTime() - INTERVAL.toNanos();
  private volatile boolean changed = true;
  private boolean failing;

  public Heartbeats(Producer<byte[], byte[]> producer, AgentView view, Results results) {
    this.producer = producer;
    this.view = view;
    this.results = results;
  }

  /** Something is new: a heartbeat is due soon. On any thread. */
  public void changed() {
    changed = true;
  }

  /**
   * Writes one if it is time.
   *
   * @param commandOffset the next record of ramtide.commands
   */
  public void beatIfDue(OptionalLong commandOffset) {
    long since = System.nanoTime() - sentAt;
    if (since >= INTERVAL.toNanos() || (changed && since >= SHORTEST.toNanos())) {
      Future<RecordMetadata> unused =
          beat(view.isConnected() ? AgentState.RUNNING : AgentState.NO_HYPERVISOR, commandOffset);
    }
  }

  /** The last one of an agent that ends in order. */
  public Future<RecordMetadata> last(OptionalLong commandOffset) {
    return beat(AgentState.STOPPED, commandOffset);
  }

  private Future<RecordMetadata> beat(AgentState state, OptionalLong commandOffset) {
    changed = false;
    sentAt = System.nanoTime();
    AgentStatus status =
        AgentStatus.newBuilder()
            .setHost(Program.HOST)
            .setAgent(Program.NAME)
            .setAt(Clocks.micros())
            .setStartedAt(startedAt)
            .setState(state)
            .setUri(view.uri())
            .setHypervisor(view.hypervisor().orElse(null))
            .setHeartbeatMillis(INTERVAL.toMillis())
            .setCapabilities(view.capabilities())
            .setDomains(
                view.domains().stream().limit(MOST_DOMAINS).map(DomainStatus::record).toList())
            .setResults(results.latest())
            .setCommandOffset(commandOffset.isPresent() ? commandOffset.getAsLong() : null)
            .build();
    return producer.send(
        new ProducerRecord<>(
            Topics.AGENTS,
            Program.HOST.getBytes(StandardCharsets.UTF_8),
            codec.encode(status)),
        (metadata, failure) -> told(failure));
  }

  /** Says once that heartbeats do not get through, and once that they do again. */
  private synchronized void told(Exception failure) {
    if (failing != (failure != null)) {
      failing = failure != null;
      if (failing) {
        LOG.warn("the broker does not take heartbeats: {}", failure.getMessage());
      } else {
        LOG.info("the broker takes heartbeats again");
      }
    }
  }
}
