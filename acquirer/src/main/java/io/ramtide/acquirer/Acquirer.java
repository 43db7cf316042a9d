package io.ramtide.acquirer;

import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.Manifest;
import java.io.Closeable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Writes captures of domains to Kafka. One capture at a time; not thread-safe. */
public final class Acquirer implements Closeable {
  /**
   * Connects to the broker.
   *
   * @param clientConfig any Kafka client properties, with bootstrap.servers
   */
  public static Acquirer connect(Map<String, Object> clientConfig, AcquirerOptions options)
      throws CaptureException {
    throw new UnsupportedOperationException();
  }

  /** The manifests of the domain on ramtide.captures, oldest first. */
  public List<Manifest> history(UUID domain) throws CaptureException {
    throw new UnsupportedOperationException();
  }

  /**
   * Makes sure that these sources are captures of the domain, in this order: what an earlier run
   * finished is found by name, size and time of change, and not captured again.
   *
   * @return the capture number of each source, in order
   */
  public List<Long> captureAll(
      UUID domain, Optional<String> domainName, List<MemorySource> sources, Progress progress)
      throws CaptureException {
    throw new UnsupportedOperationException();
  }

  /** Captures the source as the domain's next capture and returns the manifest. */
  public Manifest capture(
      UUID domain, Optional<String> domainName, MemorySource source, Progress progress)
      throws CaptureException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
