package io.ramtide.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class TopicsTest {
  private static final Set<String> NOT_BY_DOMAIN =
      Set.of(Topics.COMMANDS, Topics.AGENTS, Topics.REJECTED);

  @Test
  void names_areUniqueAndOurs() {
    assertThat(Topics.all())
        .extracting(TopicSpec::name)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.startsWith("ramtide."));
  }

  @Test
  void domainTopics_shareOnePartitionCount() {
    assertThat(Topics.all())
        .filteredOn(topic -> !NOT_BY_DOMAIN.contains(topic.name()))
        .extracting(TopicSpec::partitions)
        .containsOnly(Topics.all().get(0).partitions());
  }

  @Test
  void captures_outliveTheirPages_andAreNeverCompacted() {
    TopicSpec pages = spec(Topics.PAGES);
    TopicSpec captures = spec(Topics.CAPTURES);
    assertThat(captures.retention()).isGreaterThan(pages.retention());
    assertThat(captures.topicConfigs()).containsEntry("cleanup.policy", "delete");
  }

  private static TopicSpec spec(String name) {
    return Topics.all().stream().filter(topic -> topic.name().equals(name)).findFirst().get();
  }
}
