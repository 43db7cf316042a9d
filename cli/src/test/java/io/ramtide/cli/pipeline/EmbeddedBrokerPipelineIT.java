package io.ramtide.cli.pipeline;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerPipelineIT extends PipelineContract {
  @TempDir static Path brokerFolder;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.open(brokerFolder);
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
