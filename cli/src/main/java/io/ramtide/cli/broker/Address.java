package io.ramtide.cli.broker;

import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;

/** Where an embedded broker listens, as its process leaves it for others in the broker's folder. */
record Address(int port, long pid) {
  private static final int CONNECT_MILLIS = 1000;

  String bootstrapServers() {
    return BrokerSettings.HOST + ":" + port;
  }

  void write(Path file) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(
        draft, "bootstrap.servers=%s%nport=%d%npid=%d%n".formatted(bootstrapServers(), port, pid));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** What the file says, if there is one and it can be understood. */
  static Optional<Address> read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
      return Optional.of(
          new Address(
              Integer.parseInt(properties.getProperty("port", "")),
              Long.parseLong(properties.getProperty("pid", ""))));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(BrokerSettings.loopback(), port), CONNECT_MILLIS);
      return true;
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }
}
