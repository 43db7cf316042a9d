package io.ramtide.cli.broker;

import io.ramtide.schemas.TopicSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A topic of the catalogue and what the broker has of it.
 *
 * @param partitions on the broker; 0 if missing
 * @param replicas on the broker; 0 if missing or just made
 * @param differences from the catalogue, each as one phrase
 */
public record TopicState(
    TopicSpec spec, Kind kind, int partitions, int replicas, List<String> differences) {

  /** How broker and catalogue compare. */
  public enum Kind {
    CREATED,
    SAME,
    DIFFERENT,
    MISSING
  }

  static TopicState created(TopicSpec spec) {
    return new TopicState(spec, Kind.CREATED, spec.partitions(), 0, List.of());
  }

  static TopicState missing(TopicSpec spec) {
    return new TopicState(spec, Kind.MISSING, 0, 0, List.of());
  }

  static TopicState existing(
      TopicSpec spec, int partitions, int replicas, Map<String, String> configs) {
    List<String> differences = new ArrayList<>();
    if (partitions != spec.partitions()) {
      differences.add("%d partitions instead of %d".formatted(partitions, spec.partitions()));
    }
    spec.topicConfigs()
        .forEach(
            (name, value) -> {
              String actual = configs.get(name);
              if (!value.equals(actual)) {
                differences.add("%s=%s instead of %s".formatted(name, actual, value));
              }
            });
    return new TopicState(
        spec,
        differences.isEmpty() ? Kind.SAME : Kind.DIFFERENT,
        partitions,
        replicas,
        List.copyOf(differences));
  }
}
