package io.ramtide.cli.options;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import io.ramtide.cli.broker.TopicsAdmin;
import io.ramtide.cli.data.DataFolder;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.cli.term.Terminal;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which broker to use: an existing one, or the embedded one of the data folder. */
public final class BrokerOptions {
  private static final String BOOTSTRAP = "bootstrap.servers";

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT[,...]",
      description =
          "Kafka broker to use. Without it (and without bootstrap.servers in --config), an embedded"
              + " one runs on loopback, its data in the --data folder.")
  private String bootstrapServers;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Kafka client properties, one name=value a line: security.protocol, ssl.*, sasl.* and any"
              + " other.")
  private Path config;

  @Mixin private DataOptions data;

  public DataFolder data() {
    return data.folder();
  }

  /** Whether the user named a data folder. */
  public boolean isDataGiven() {
    return data.isGiven();
  }

  /** Connects to the broker that was named, or starts or joins the embedded one. */
  public BrokerLink open(Cleanup cleanup, Terminal terminal) {
    return open(data(), cleanup, terminal);
  }

  private BrokerLink open(DataFolder folder, Cleanup cleanup, Terminal terminal) {
    Optional<Map<String, Object>> external = external();
    if (external.isPresent()) {
      BrokerLink link = new BrokerLink(external.get(), false);
      link.check();
      return link;
    }
    Path embeddedFolder = folder.broker();
    terminal.say("ramtide: starting the embedded broker in " + embeddedFolder);
    EmbeddedBroker broker = cleanup.add(EmbeddedBroker.open(embeddedFolder));
    if (broker.isJoined()) {
      terminal.say(
          "ramtide: using the broker that process %d runs on %s"
              .formatted(broker.pid(), broker.bootstrapServers()));
    }
    return BrokerLink.to(broker);
  }

  /** As {@link #open}, with all topics there: an embedded broker is given them. */
  public BrokerLink openWithTopics(Cleanup cleanup, Terminal terminal) {
    return openWithTopics(data(), cleanup, terminal);
  }

  /**
   * As {@link #openWithTopics(Cleanup, Terminal)}.
   *
   * @param folder holds the embedded broker, instead of the one that --data names
   */
  public BrokerLink openWithTopics(DataFolder folder, Cleanup cleanup, Terminal terminal) {
    BrokerLink link = open(folder, cleanup, terminal);
    ensureTopics(link);
    return link;
  }

  public static void ensureTopics(BrokerLink link) {
    TopicsAdmin topics = new TopicsAdmin(link);
    if (link.embedded()) {
      topics.create((short) 1);
    } else {
      topics.requireAll();
    }
  }

  private Optional<Map<String, Object>> external() {
    Map<String, Object> client = new HashMap<>();
    if (config != null) {
      Properties properties = read(config);
      properties.stringPropertyNames().forEach(name -> client.put(name, properties.get(name)));
    }
    if (bootstrapServers != null) {
      client.put(BOOTSTRAP, bootstrapServers);
    }
    if (config != null && !client.containsKey(BOOTSTRAP)) {
      throw new Failure(
          ExitCode.USAGE,
          "--config %s names no bootstrap.servers: add it, or use --bootstrap-servers"
              .formatted(config));
    }
    return client.isEmpty() ? Optional.empty() : Optional.of(client);
  }

  private static Properties read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
      return properties;
    } catch (IOException | IllegalArgumentException e) {
      throw new Failure(
          ExitCode.USAGE,
          "--config %s cannot be read (%s): it must be a file of name=value lines"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
  }
}
