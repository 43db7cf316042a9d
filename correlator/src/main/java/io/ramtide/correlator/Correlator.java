package io.ramtide.correlator;

import io.ramtide.correlator.intake.Limits;
import java.io.Closeable;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/** The correlator as a running Kafka Streams application. */
public final class Correlator implements Closeable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final Properties settings;
  private final FailurePolicy failures;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private KafkaStreams streams;
  private Thread starter;

  /**
   * @param clientConfig any Kafka client properties, with bootstrap.servers; they win over this
   *     application's defaults, but not over what exactly-once processing needs
   */
  public Correlator(Map<String, Object> clientConfig, CorrelatorOptions options) {
    settings = StreamsSettings.of(clientConfig, options);
    failures = new FailurePolicy(options, System::nanoTime);
  }

  /** From findings to timelines, anomalies and ECS documents. */
  public static Topology topology() {
    return CorrelatorTopology.build(Limits.DEFAULT);
  }

  /**
   * Starts and returns at once. A broker that is away is waited for.
   *
   * @throws org.apache.kafka.common.KafkaException if the configuration or the state folder cannot
   *     be used, e.g. because another instance uses it
   */
  public synchronized void start() {
    if (streams != null || stopped.getCount() == 0) {
      throw new IllegalStateException("a Correlator is started once");
    }
    streams = new KafkaStreams(topology(), settings);
    streams.setUncaughtExceptionHandler(failures);
    streams.setStateListener(
        (now, before) -> {
          if (now.hasCompletedShutdown()) {
            stopped.countDown();
          }
        });
    starter = new Thread(this::startWhenTopicsExist, "ramtide-correlator-start");
    starter.setDaemon(true);
    starter.start();
  }

  private void startWhenTopicsExist() {
    try {
      String client = settings.getProperty(StreamsConfig.CLIENT_ID_CONFIG) + "-check";
      TopicCheck.await(new StreamsConfig(settings).getAdminConfigs(client));
      streams.start();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Closed while it waited for a broker.
    } catch (ExecutionException e) {
      fail(e.getCause());
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void fail(Throwable cause) {
    failures.fail(cause);
    stopped.countDown();
  }

  /**
   * Waits until the application stops.
   *
   * @return why it failed, or null after {@link #close()}
   */
  public Throwable awaitStop() throws InterruptedException {
    stopped.await();
    return failures.failure();
  }

  /** Stops; what is not committed yet is done again after the next start. */
  @Override
  public synchronized void close() {
    if (starter != null) {
      starter.interrupt();
      joinStarter();
      streams.close(CLOSE_TIMEOUT);
    }
    stopped.countDown();
  }

  /** Streams must not be started after it was closed. */
  private void joinStarter() {
    try {
      starter.join(CLOSE_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
