package io.ramtide.bench.live;

import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.acquirer.KeyframePolicy;
import io.ramtide.acquirer.agent.Agent;
import io.ramtide.acquirer.agent.AgentListener;
import io.ramtide.acquirer.agent.AgentOptions;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.data.DataFolder;
import io.ramtide.schemas.Manifest;
import io.ramtide.testkit.lab.Lab;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Captures by an agent of this JVM. */
final class AgentCaptures extends Captures {
  private final Agent agent;
  private volatile Exception failure;

  AgentCaptures(BrokerLink broker, DataFolder data, Lab lab, String name, Duration interval)
      throws Exception {
    AgentOptions options =
        AgentOptions.of(
                lab.uri(),
                new MethodOptions(lab.folder(), MethodOptions.DEFAULT_MAX_PAUSE),
                new AcquirerOptions(
                    data.signingKey(), new KeyframePolicy.Rolling(LiveBench.ROLLING), false))
            .withDomains(List.of(name))
            .withEvery(interval);
    agent = Agent.start(broker.clientConfig(), options, new Listener());
  }

  @Override
  void check() {
    if (failure != null) {
      throw new IllegalStateException("a capture was given up", failure);
    }
  }

  @Override
  public void close() {
    agent.close();
  }

  private final class Listener implements AgentListener {
    @Override
    public void captured(Manifest manifest) {
      long now = System.nanoTime();
      long micros = System.currentTimeMillis() * 1000 - manifest.getStartedAt();
      starts.put(manifest.getCapture(), now - micros * 1000);
      ends.put(manifest.getCapture(), now);
    }

    @Override
    public void failed(UUID domain, String name, Exception reason) {
      failure = reason;
    }
  }
}
