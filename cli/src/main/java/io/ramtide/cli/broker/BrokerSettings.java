package io.ramtide.cli.broker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The settings of a broker that is alone, on loopback, beside its only users in one JVM. */
final class BrokerSettings {
  static final String HOST = "127.0.0.1";

  private BrokerSettings() {}

  static InetAddress loopback() {
    try {
      return InetAddress.getByAddress(HOST, new byte[] {127, 0, 0, 1});
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  static Map<String, String> of(Path logFolder, int clientPort, int controllerPort) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", Integer.toString(KraftServer.NODE));
    settings.put("log.dirs", logFolder.toString());
    settings.put("auto.create.topics.enable", "false");
    putListeners(settings, clientPort, controllerPort);
    putSingleNode(settings);
    putSmall(settings);
    return settings;
  }

  private static void putListeners(Map<String, String> settings, int client, int controller) {
    String clients = KraftServer.CLIENT_LISTENER + "://" + HOST + ":" + client;
    String controllers = KraftServer.CONTROLLER_LISTENER + "://" + HOST + ":" + controller;
    settings.put("listeners", clients + "," + controllers);
    settings.put("advertised.listeners", clients);
    settings.put("inter.broker.listener.name", KraftServer.CLIENT_LISTENER);
    settings.put("controller.listener.names", KraftServer.CONTROLLER_LISTENER);
    settings.put("controller.quorum.voters", KraftServer.NODE + "@" + HOST + ":" + controller);
    settings.put(
        "listener.security.protocol.map",
        "%s:PLAINTEXT,%s:PLAINTEXT"
            .formatted(KraftServer.CLIENT_LISTENER, KraftServer.CONTROLLER_LISTENER));
  }

  /** Nothing can be replicated, and nobody else will join a group. */
  private static void putSingleNode(Map<String, String> settings) {
    settings.put("default.replication.factor", "1");
    settings.put("min.insync.replicas", "1");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "4");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("group.initial.rebalance.delay.ms", "0");
  }

  /** Modest in memory and threads; large socket buffers by the system's own choice. */
  private static void putSmall(Map<String, String> settings) {
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "4");
    settings.put("background.threads", "2");
    settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
    settings.put("socket.send.buffer.bytes", "-1");
    settings.put("socket.receive.buffer.bytes", "-1");
    settings.put("metric.reporters", "");
  }
}
