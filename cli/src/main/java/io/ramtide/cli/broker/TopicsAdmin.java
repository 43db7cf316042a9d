package io.ramtide.cli.broker;

import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.schemas.TopicSpec;
import io.ramtide.schemas.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Brings the topic catalogue to a broker and compares the two. */
public final class TopicsAdmin {
  /** Lets the broker's own default decide. */
  public static final short BROKER_DEFAULT = -1;

  private final BrokerLink broker;

  public TopicsAdmin(BrokerLink broker) {
    this.broker = broker;
  }

  /**
   * Creates what is missing; what exists is left as it is. Returns every topic of the catalogue.
   */
  public List<TopicState> create(short replicationFactor) {
    return call(
        admin -> {
          List<String> created = new ArrayList<>();
          List<NewTopic> wanted = new ArrayList<>();
          for (TopicSpec spec : Topics.all()) {
            wanted.add(
                new NewTopic(spec.name(), spec.partitions(), replicationFactor)
                    .configs(spec.topicConfigs()));
          }
          for (var result : admin.createTopics(wanted).values().entrySet()) {
            if (isCreated(result.getValue())) {
              created.add(result.getKey());
            }
          }
          // A topic that this very call made is as the catalogue says; brokers may lag to show it.
          return Topics.all().stream().allMatch(spec -> created.contains(spec.name()))
              ? Topics.all().stream().map(TopicState::created).toList()
              : describe(admin, created);
        });
  }

  private static boolean isCreated(KafkaFuture<Void> result) throws Exception {
    try {
      result.get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return false;
      }
      throw e;
    }
  }

  /** Every topic of the catalogue as the broker has it. */
  public List<TopicState> describe() {
    return call(admin -> describe(admin, List.of()));
  }

  /**
   * @throws Failure if the broker lacks a topic
   */
  public void requireAll() {
    List<String> missing =
        describe().stream()
            .filter(state -> state.kind() == TopicState.Kind.MISSING)
            .map(state -> state.spec().name())
            .toList();
    if (!missing.isEmpty()) {
      throw new Failure(
          ExitCode.BROKER,
          "the broker at %s lacks the topics %s: run `ramtide topics create --bootstrap-servers %s`"
              .formatted(
                  broker.bootstrapServers(),
                  String.join(", ", missing),
                  broker.bootstrapServers()));
    }
  }

  private static List<TopicState> describe(Admin admin, List<String> created) throws Exception {
    List<String> names = Topics.all().stream().map(TopicSpec::name).toList();
    Map<String, KafkaFuture<TopicDescription>> descriptions =
        admin.describeTopics(names).topicNameValues();
    Map<String, TopicDescription> existing = new HashMap<>();
    for (var entry : descriptions.entrySet()) {
      try {
        existing.put(entry.getKey(), entry.getValue().get());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
      }
    }
    Map<ConfigResource, Config> configs =
        admin
            .describeConfigs(existing.keySet().stream().map(TopicsAdmin::resource).toList())
            .all()
            .get();
    List<TopicState> states = new ArrayList<>();
    for (TopicSpec spec : Topics.all()) {
      TopicDescription description = existing.get(spec.name());
      if (created.contains(spec.name())) {
        states.add(TopicState.created(spec));
      } else if (description == null) {
        states.add(TopicState.missing(spec));
      } else {
        Map<String, String> values = new HashMap<>();
        for (ConfigEntry entry : configs.get(resource(spec.name())).entries()) {
          values.put(entry.name(), entry.value());
        }
        states.add(
            TopicState.existing(
                spec,
                description.partitions().size(),
                description.partitions().get(0).replicas().size(),
                values));
      }
    }
    return states;
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  private <T> T call(Call<T> call) {
    try (Admin admin = broker.admin()) {
      return call.with(admin);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BrokerFaults.of(e, broker.bootstrapServers());
    } catch (Exception e) {
      throw BrokerFaults.of(e, broker.bootstrapServers());
    }
  }

  @FunctionalInterface
  private interface Call<T> {
    T with(Admin admin) throws Exception;
  }
}
