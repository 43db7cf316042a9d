package io.ramtide.scanner.worker;

import java.io.Closeable;
import java.util.Map;

/** A worker in the scanners' consumer group: captures in, findings out. */
public final class ScannerWorker implements Runnable, Closeable {
  /**
   * @param clientConfig any Kafka client properties, with bootstrap.servers
   */
  public ScannerWorker(Map<String, Object> clientConfig, ScannerOptions options) {}

  /** Works until {@link #close()}; a broker that is away is waited for. */
  @Override
  public void run() {
    throw new UnsupportedOperationException();
  }

  /** Ends {@link #run()} after the capture in hand. */
  @Override
  public void close() {}
}
