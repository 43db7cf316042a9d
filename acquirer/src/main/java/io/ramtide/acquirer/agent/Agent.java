package io.ramtide.acquirer.agent;

import io.ramtide.acquirer.CaptureException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;

/** Captures the running guests of a host, each at its interval, until it is closed. */
public final class Agent implements Closeable {

  private Agent() {}

  /**
   * Connects to hypervisor and broker, lets guests run that an earlier agent left paused, and
   * begins.
   *
   * @param clientConfig any Kafka client properties, with bootstrap.servers
   * @throws CaptureException if the broker does not answer or lacks topics, or the key is wrong
   * @throws IOException if the hypervisor does not answer or refuses; with options.captures also if
   *     no guest is there to capture
   */
  public static Agent start(
      Map<String, Object> clientConfig, AgentOptions options, AgentListener listener)
      throws CaptureException, IOException {
    throw new UnsupportedOperationException();
  }

  /** Waits until every domain has its captures, if there is a number of them, or until close. */
  public AgentOutcome await() throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** Ends after the captures in hand, which have some seconds; no guest stays paused. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
