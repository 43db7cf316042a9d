package io.ramtide.acquirer.agent.lane;

import io.ramtide.acquirer.Acquirer;
import io.ramtide.acquirer.CaptureException;
import io.ramtide.acquirer.CaptureOrder;
import io.ramtide.acquirer.Progress;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.Manifest;
import java.io.Closeable;
import java.util.Optional;
import java.util.UUID;

/** Makes captures of sources: an {@link Acquirer}, or that of a test. One thread at a time. */
public interface Capturer extends Closeable {
  /** To be called before the source is opened, so that no guest waits for the broker. */
  void prepare(UUID domain) throws CaptureException;

  Manifest capture(
      UUID domain, String name, MemorySource source, CaptureOrder order, Progress progress)
      throws CaptureException;

  /** Lets go what is kept of a domain. */
  void forget(UUID domain);

  @Override
  void close();

  /** Makes capturers, one a lane. */
  @FunctionalInterface
  interface Factory {
    Capturer connect() throws CaptureException;
  }

  public static Capturer of(Acquirer acquirer) {
    return new Capturer() {
      @Override
      public void prepare(UUID domain) throws CaptureException {
        acquirer.prepare(domain);
      }

      @Override
      public Manifest capture(
          UUID domain, String name, MemorySource source, CaptureOrder order, Progress progress)
          throws CaptureException {
        return acquirer.capture(domain, Optional.of(name), source, order, progress);
      }

      @Override
      public void forget(UUID domain) {
        acquirer.forget(domain);
      }

      @Override
      public void close() {
        acquirer.close();
      }
    };
  }
}
