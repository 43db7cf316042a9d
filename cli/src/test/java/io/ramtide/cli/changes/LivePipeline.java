package io.ramtide.cli.changes;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.BrokerMain;
import io.ramtide.cli.broker.TopicsAdmin;
import io.ramtide.cli.data.DataFolder;
import io.ramtide.cli.pipeline.LocalRoles;
import io.ramtide.cli.system.Cluster;
import io.ramtide.cli.system.Ports;
import io.ramtide.cli.system.Running;
import io.ramtide.scanner.windows.guest.KeyGlobs;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.registry.WatchList;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** A broker and an agent in processes of their own, that can be killed; scanner and correlator. */
final class LivePipeline implements AutoCloseable {
  private static final Set<What> KINDS =
      Set.of(What.processes, What.hives, What.registry, What.endpoints);

  private final Path folder;
  private final String uri;
  private final String[] ports;
  private final Cluster cluster;
  private Running broker;
  private Running agent;
  private LocalRoles roles;

  private LivePipeline(Path folder, String uri) throws Exception {
    this.folder = folder;
    this.uri = uri;
    int port = Ports.free();
    ports = new String[] {Integer.toString(port), Integer.toString(Ports.free())};
    cluster = new Cluster("127.0.0.1:" + port);
  }

  /** Captures all guests of a hypervisor. */
  static LivePipeline start(Path folder, String uri) throws Exception {
    LivePipeline pipeline = new LivePipeline(folder, uri);
    try {
      pipeline.startBroker();
      BrokerLink link =
          new BrokerLink(Map.of("bootstrap.servers", pipeline.cluster.bootstrapServers()), false);
      new TopicsAdmin(link).create((short) 1);
      pipeline.startAgent();
      Request request =
          new Request(KINDS, KeyGlobs.ALL, WatchList.defaults(), OptionalLong.empty());
      pipeline.roles = LocalRoles.start(link, new DataFolder(folder.resolve("data")), request);
      return pipeline;
    } catch (Exception | AssertionError e) {
      pipeline.close();
      throw e;
    }
  }

  Cluster cluster() {
    return cluster;
  }

  /** kill -9, if it runs already. */
  void startBroker() throws Exception {
    if (broker != null) {
      broker.kill();
    }
    broker =
        Running.java(
                BrokerMain.class.getName(), folder.resolve("kafka").toString(), ports[0], ports[1])
            .await("ready");
  }

  /** kill -9. */
  void killAgent() {
    agent.kill();
  }

  void startAgent() throws Exception {
    agent =
        Running.ramtide(
            "acquire",
            "--uri",
            uri,
            "--every",
            "100ms",
            "--keyframe-interval",
            "16",
            "--bootstrap-servers",
            cluster.bootstrapServers(),
            "--data",
            folder.resolve("agent").toString());
    agent.await("capturing the guests of");
  }

  /** What the agent said, for one who waited in vain. */
  Running agent() {
    return agent;
  }

  /** Fails if a role has ended. */
  void check() {
    roles.check();
    if (!agent.isAlive()) {
      throw new AssertionError("the agent ended: " + agent);
    }
  }

  @Override
  public void close() {
    if (roles != null) {
      roles.close();
    }
    if (agent != null) {
      agent.close();
    }
    if (broker != null) {
      broker.close();
    }
  }
}
