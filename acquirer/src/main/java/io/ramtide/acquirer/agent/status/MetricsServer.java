package io.ramtide.acquirer.agent.status;

import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;

/** Serves an agent's metrics as Prometheus text, on loopback only. */
public final class MetricsServer implements Closeable {
  private final HTTPServer server;

  private MetricsServer(HTTPServer server) {
    this.server = server;
  }

  /** The port cannot be used; the message says why and what to do. */
  public static final class PortException extends IOException {
    private static final long serialVersionUID = 1L;

    PortException(int port, IOException cause) {
      super(
          "metrics cannot be served on port %d of 127.0.0.1 (%s): name another one with --metrics-port"
              .formatted(port, cause.getMessage()),
          cause);
    }
  }

  /**
   * Begins to serve.
   *
   * @param port 0: any free one
   */
  public static MetricsServer start(int port, AgentView agent) throws PortException {
    PrometheusRegistry registry = new PrometheusRegistry();
    AgentMetrics.register(agent, registry);
    try {
      return new MetricsServer(
          HTTPServer.builder()
              .inetAddress(InetAddress.getLoopbackAddress())
              .port(port)
              .registry(registry)
              .buildAndStart());
    } catch (IOException e) {
      throw new PortException(port, e);
    }
  }

  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.stop();
  }
}
