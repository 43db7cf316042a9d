package io.ramtide.schemas;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * One topic of the catalogue. Cleanup is by deletion unless its configs say otherwise.
 *
 * @param retention how long a record is kept at least
 * @param configs further topic configuration; it wins
 */
public record TopicSpec(
    String name, int partitions, Duration retention, Map<String, String> configs) {
  public TopicSpec {
    configs = Map.copyOf(configs);
  }

  /** The topic's whole configuration, as Kafka takes it. */
  public Map<String, String> topicConfigs() {
    Map<String, String> all = new TreeMap<>();
    all.put("cleanup.policy", "delete");
    all.put("retention.ms", Long.toString(retention.toMillis()));
    all.putAll(configs);
    return all;
  }
}
