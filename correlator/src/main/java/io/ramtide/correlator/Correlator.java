package io.ramtide.correlator;

import java.io.Closeable;
import java.util.Map;

/** The correlator as a running Kafka Streams application. */
public final class Correlator implements Closeable {
  /**
   * @param clientConfig any Kafka client properties, with bootstrap.servers
   */
  public Correlator(Map<String, Object> clientConfig, CorrelatorOptions options) {}

  /** Starts and returns at once. */
  public void start() {
    throw new UnsupportedOperationException();
  }

  /**
   * Waits until the application stops.
   *
   * @return why it failed, or null after {@link #close()}
   */
  public Throwable awaitStop() throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
