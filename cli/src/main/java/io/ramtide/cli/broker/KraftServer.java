package io.ramtide.cli.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * Kafka's own server in this JVM, broker and controller in one. The only user of Kafka's internal
 * classes: a new version of Kafka may change them.
 */
final class KraftServer {
  static final int NODE = 1;
  static final String CLIENT_LISTENER = "CLIENT";
  static final String CONTROLLER_LISTENER = "CONTROLLER";

  private final KafkaRaftServer server;

  private KraftServer(KafkaRaftServer server) {
    this.server = server;
  }

  /** Makes an empty log in the folder, unless it holds one. */
  static void formatIfNew(Path folder) throws Exception {
    if (Files.exists(folder.resolve("meta.properties"))) {
      return;
    }
    Files.createDirectories(folder);
    if (Files.exists(folder.resolve("__cluster_metadata-0"))) {
      throw new IOException("meta.properties is missing although the folder holds a log");
    }
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setNodeId(NODE)
        .setClusterId(Uuid.randomUuid().toString())
        .setReleaseVersion(MetadataVersion.latestProduction())
        .setControllerListenerName(CONTROLLER_LISTENER)
        .setMetadataLogDirectory(folder.toString())
        .addDirectory(folder.toString())
        .run();
  }

  /** Starts and returns when clients can connect. */
  static KraftServer start(Map<String, String> settings) {
    KafkaRaftServer server =
        new KafkaRaftServer(new KafkaConfig(new HashMap<>(settings), false), Time.SYSTEM);
    try {
      server.startup();
    } catch (RuntimeException | Error e) {
      stop(server);
      throw e;
    }
    return new KraftServer(server);
  }

  void stop() {
    stop(server);
  }

  private static void stop(KafkaRaftServer server) {
    server.shutdown();
    server.awaitShutdown();
  }
}
