package io.ramtide.correlator;

import io.ramtide.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a broker and looks whether every topic is there, before the application joins its
 * group: a static member that joined in vain would get the same answer until its session ends.
 */
final class TopicCheck {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final Logger LOG = LoggerFactory.getLogger(TopicCheck.class);
  private static final List<String> NEEDED =
      Stream.concat(Stream.of(Topics.FINDINGS), CorrelatorTopology.OUTPUTS.stream()).toList();

  private TopicCheck() {}

  /**
   * Returns when a broker has answered that all topics are there.
   *
   * @throws IllegalStateException if a topic is missing
   * @throws ExecutionException if the broker refuses for good, with its reason
   */
  static void await(Map<String, Object> adminConfig)
      throws InterruptedException, ExecutionException {
    Admin admin = Admin.create(adminConfig);
    try {
      while (true) {
        try {
          List<String> missing = missing(admin);
          if (!missing.isEmpty()) {
            throw new IllegalStateException(message(missing));
          }
          return;
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof RetriableException)) {
            throw e;
          }
          LOG.warn(
              "no answer from the broker at {}, still trying: {}",
              adminConfig.get("bootstrap.servers"),
              e.getCause().getMessage());
        }
      }
    } finally {
      admin.close(Duration.ZERO); // Nobody waits for what it still asks.
    }
  }

  static String message(List<String> missing) {
    return "%s %s not exist: create the topics with: ramtide topics create"
        .formatted(String.join(", ", missing), missing.size() == 1 ? "does" : "do");
  }

  private static List<String> missing(Admin admin) throws InterruptedException, ExecutionException {
    Map<String, KafkaFuture<TopicDescription>> answers =
        admin
            .describeTopics(NEEDED, new DescribeTopicsOptions().timeoutMs(PATIENCE_MILLIS))
            .topicNameValues();
    List<String> missing = new ArrayList<>();
    for (String topic : NEEDED) {
      try {
        answers.get(topic).get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
        missing.add(topic);
      }
    }
    return missing;
  }
}
