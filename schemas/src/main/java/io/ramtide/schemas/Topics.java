package io.ramtide.schemas;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The topic catalogue: every topic of Ramtide with its partitions, retention and cleanup. */
public final class Topics {
  /** Chunks of RAM. Partitioned by domain. */
  public static final String PAGES = "ramtide.pages";

  /** Manifests: the index of captures and their custody record. */
  public static final String CAPTURES = "ramtide.captures";

  public static final String FINDINGS = "ramtide.findings";
  public static final String TIMELINE_PROCESS = "ramtide.timeline.process";
  public static final String TIMELINE_REGISTRY = "ramtide.timeline.registry";
  public static final String TIMELINE_NETWORK = "ramtide.timeline.network";
  public static final String ANOMALIES = "ramtide.anomalies";

  /** ECS JSON, as Elastic, OpenSearch and Splunk connectors take it. */
  public static final String SIEM = "ramtide.siem";

  /** What is asked of acquirers. Keyed by host. */
  public static final String COMMANDS = "ramtide.commands";

  /** Heartbeats of acquirers: the last one of each host is kept. */
  public static final String AGENTS = "ramtide.agents";

  /** Copies of the records of captures on hold, never deleted by Kafka. */
  public static final String EVIDENCE = "ramtide.evidence";

  /** Records nobody could read, with the reason and their position. */
  public static final String REJECTED = "ramtide.rejected";

  /** Payload limit of a chunk: a record stays below every default limit of Kafka (1 MiB). */
  public static final int MAX_CHUNK_PAYLOAD = 512 * 1024;

  /** Topics keyed by domain share this count, so that one domain is on one partition number. */
  private static final int PARTITIONS = 12;

  private static final Duration SHORT = Duration.ofDays(7);
  private static final Duration LONG = Duration.ofDays(365);

  private static final List<TopicSpec> ALL =
      List.of(
          // Chunks arrive compressed by the acquirer; small segments let retention free disk soon.
          topic(PAGES, SHORT, Map.of("segment.bytes", Long.toString(256L << 20))),
          topic(CAPTURES, LONG, Map.of()),
          topic(FINDINGS, SHORT, Map.of()),
          topic(TIMELINE_PROCESS, LONG, Map.of()),
          topic(TIMELINE_REGISTRY, LONG, Map.of()),
          topic(TIMELINE_NETWORK, LONG, Map.of()),
          topic(ANOMALIES, LONG, Map.of()),
          topic(SIEM, SHORT, Map.of()),
          new TopicSpec(COMMANDS, 1, SHORT, Map.of()),
          new TopicSpec(AGENTS, 1, SHORT, Map.of("cleanup.policy", "compact")),
          topic(EVIDENCE, LONG, Map.of("retention.ms", "-1")),
          new TopicSpec(REJECTED, 1, SHORT, Map.of()));

  private Topics() {}

  /** Every topic, in the order of the data flow. */
  public static List<TopicSpec> all() {
    return ALL;
  }

  private static TopicSpec topic(String name, Duration retention, Map<String, String> more) {
    return new TopicSpec(name, PARTITIONS, retention, more);
  }
}
