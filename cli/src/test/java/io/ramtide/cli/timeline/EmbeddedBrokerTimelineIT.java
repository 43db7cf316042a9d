package io.ramtide.cli.timeline;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTimelineIT extends TimelineContract {
  @TempDir static Path folder;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.open(folder);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Override
  BrokerLink broker() {
    return BrokerLink.to(broker);
  }
}
