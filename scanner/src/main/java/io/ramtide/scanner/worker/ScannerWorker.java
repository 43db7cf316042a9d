package io.ramtide.scanner.worker;

import io.ramtide.scanner.image.ImageCache;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker in the scanners' consumer group: captures in, findings out. */
public final class ScannerWorker implements Runnable, Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ScannerWorker.class);
  private static final long RETRY_SECONDS = 1;

  private final KafkaClients clients;
  private final ScannerOptions options;
  private final CountDownLatch stop = new CountDownLatch(1);

  /**
   * Prepares a worker; nothing is opened before {@link #run()}.
   *
   * @param clientConfig any Kafka client properties, with bootstrap.servers
   */
  public ScannerWorker(Map<String, Object> clientConfig, ScannerOptions options) {
    this(new KafkaClients(clientConfig, options.instance()), options);
  }

  ScannerWorker(KafkaClients clients, ScannerOptions options) {
    this.clients = clients;
    this.options = options;
  }

  /**
   * Works until {@link #close()}; a broker that is away is waited for.
   *
   * @throws ScannerException if it cannot go on; what was in hand is left for the next start
   */
  @Override
  public void run() {
    try (ImageCache cache = new ImageCache(options.cacheFolder());
        FindingSpool spool = new FindingSpool(options.cacheFolder().resolve("findings"))) {
      while (!isStopped()) {
        runSession(cache, spool);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new ScannerException(
          ScannerException.Origin.LOCAL,
          "cannot keep images and findings in %s: %s; make room or name another folder"
              .formatted(options.cacheFolder(), e.getMessage()),
          e);
    }
  }

  private void runSession(ImageCache cache, FindingSpool spool) throws IOException {
    try (var session = new WorkerSession(clients, cache, spool, options, this::isStopped)) {
      session.run();
    } catch (StoppedException e) {
      LOG.debug("stopped within a capture");
    } catch (KafkaException e) {
      if (isFatal(e)) {
        throw new ScannerException(
            ScannerException.Origin.BROKER, "the broker refuses: " + e.getMessage(), e);
      }
      LOG.warn("{}; joining again", e.toString());
      pause();
    }
  }

  /** Errors that another try cannot mend. */
  private static boolean isFatal(KafkaException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof AuthenticationException
          || cause instanceof AuthorizationException
          || cause instanceof ConfigException
          || cause instanceof InvalidConfigurationException
          || cause instanceof UnsupportedVersionException
          || cause instanceof FencedInstanceIdException) {
        return true;
      }
    }
    return false;
  }

  private void pause() {
    try {
      stop.await(RETRY_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      stop.countDown();
      Thread.currentThread().interrupt();
    }
  }

  private boolean isStopped() {
    return stop.getCount() == 0;
  }

  /** Ends {@link #run()} soon: a capture that is not finished is left for the next start. */
  @Override
  public void close() {
    stop.countDown();
  }
}
