package io.ramtide.acquirer.agent.evidence;

import io.ramtide.acquirer.agent.budget.Budget;
import io.ramtide.acquirer.agent.command.Reply;
import io.ramtide.acquirer.pages.Clocks;
import io.ramtide.schemas.Topics;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds captures as evidence, one command after the other, beside the capturing. */
public final class Evidence implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Evidence.class);
  private static final int MOST_WAITING = 16;
  private static final long STOP_SECONDS = 5;

  private final Producer<byte[], byte[]> producer;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Budget budget;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          task -> {
            Thread made = new Thread(task, "ramtide-evidence");
            made.setDaemon(true);
            return made;
          });

  /**
   * @param consumers makes one that belongs to no group, for each command
   */
  public Evidence(
      Producer<byte[], byte[]> producer,
      Supplier<Consumer<byte[], byte[]>> consumers,
      Budget budget) {
    this.producer = producer;
    this.consumers = consumers;
    this.budget = budget;
  }

  /**
   * Holds the captures that give the domain's RAM as of its last one.
   *
   * @param reply hears what became of it, once
   */
  public void hold(
      UUID domain,
      String name,
      String command,
      long expiresAt,
      java.util.function.Consumer<Reply> reply) {
    try {
      thread.execute(() -> reply.accept(run(domain, name, command, expiresAt)));
    } catch (RejectedExecutionException e) {
      reply.accept(
          Reply.refused(
              "%s: %d domains wait for being held already; ask again later"
                  .formatted(name, MOST_WAITING)));
    }
  }

  private Reply run(UUID domain, String name, String command, long expiresAt) {
    if (Clocks.micros() >= expiresAt) {
      return Reply.expired(name + ": it expired while others were held");
    }
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      List<ManifestChain.Link> chain =
          new ManifestChain(consumer, domain, partition(domain, Topics.CAPTURES)).present();
      EvidenceWriter writer =
          new EvidenceWriter(producer, budget, partition(domain, Topics.EVIDENCE), command);
      for (ManifestChain.Link capture : chain) {
        new CaptureCopy(consumer, writer, capture).run();
      }
      return Reply.done(
          "%s: captures %d-%d are held: %d records, %d bytes, verified, on %s offsets %d-%d"
              .formatted(
                  name,
                  chain.get(0).manifest().getCapture(),
                  chain.get(chain.size() - 1).manifest().getCapture(),
                  writer.records(),
                  writer.bytes(),
                  writer.partition(),
                  writer.firstOffset(),
                  writer.lastOffset()));
    } catch (HoldException | KafkaException e) {
      return Reply.failed("%s: not held: %s".formatted(name, e.getMessage()));
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("domain", domain).log("{}: not held", name, e);
      return Reply.failed("%s: not held: %s; see this acquirer's log".formatted(name, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Reply.failed(name + ": not held: the acquirer ended");
    }
  }

  /** As Kafka partitions by the key {@code domain}. */
  private int partition(UUID domain, String topic) {
    byte[] key = domain.toString().getBytes(StandardCharsets.UTF_8);
    return Utils.toPositive(Utils.murmur2(key)) % producer.partitionsFor(topic).size();
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
