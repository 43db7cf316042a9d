package io.ramtide.cli.broker;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * How to reach the broker.
 *
 * @param clientConfig for any Kafka client, with bootstrap.servers
 * @param embedded whether it is the data folder's own broker
 */
public record BrokerLink(Map<String, Object> clientConfig, boolean embedded) {
  private static final int ANSWER_MILLIS = 10_000;

  public BrokerLink {
    clientConfig = Map.copyOf(clientConfig);
  }

  /** The data folder's own broker, which this user alone can reach: no security settings. */
  public static BrokerLink to(EmbeddedBroker broker) {
    return new BrokerLink(
        Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()), true);
  }

  public String bootstrapServers() {
    return clientConfig.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG).toString();
  }

  /** An admin client that gives up after some seconds. */
  Admin admin() {
    Map<String, Object> config = new HashMap<>(clientConfig);
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS / 2);
    return Admin.create(config);
  }

  /**
   * Asks the broker for a sign of life.
   *
   * @throws io.ramtide.cli.term.Failure if none comes within some seconds
   */
  public void check() {
    try (Admin admin = admin()) {
      admin.describeCluster().nodes().get();
    } catch (ExecutionException | RuntimeException e) {
      throw BrokerFaults.of(e, bootstrapServers());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BrokerFaults.of(e, bootstrapServers());
    }
  }
}
