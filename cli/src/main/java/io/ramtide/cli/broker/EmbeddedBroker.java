package io.ramtide.cli.broker;

import io.ramtide.cli.data.FolderLock;
import io.ramtide.cli.log.LineAppender;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.cli.term.Printable;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.utils.Exit;

/**
 * A real single-node broker for one data folder. The first process to open the folder runs it in
 * its own JVM; while that process lives, others use its broker.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final int PORT_ATTEMPTS = 3;
  private static final Duration JOIN_LIMIT = Duration.ofSeconds(30);
  private static final long JOIN_POLL_MILLIS = 100;

  private final Address address;
  private final Path addressFile;
  private final KraftServer server;
  private final FolderLock lock;

  private EmbeddedBroker(Address address, Path addressFile, KraftServer server, FolderLock lock) {
    this.address = address;
    this.addressFile = addressFile;
    this.server = server;
    this.lock = lock;
  }

  /**
   * Starts the folder's broker, or joins the process that runs it.
   *
   * @throws Failure if neither is possible, with what, where and what to do
   */
  public static EmbeddedBroker open(Path folder) {
    return open(folder, JOIN_LIMIT);
  }

  static EmbeddedBroker open(Path folder, Duration joinLimit) {
    Path addressFile = folder.resolve("address");
    long deadline = System.nanoTime() + joinLimit.toNanos();
    while (true) {
      Optional<FolderLock> lock = FolderLock.tryLock(folder);
      if (lock.isPresent()) {
        return start(folder, addressFile, lock.get());
      }
      Optional<Address> other = Address.read(addressFile).filter(Address::answers);
      if (other.isPresent()) {
        return new EmbeddedBroker(other.get(), addressFile, null, null);
      }
      if (System.nanoTime() > deadline) {
        throw new Failure(
            ExitCode.BROKER,
            ("another process holds %s, but its broker does not answer: "
                    + "wait for it, end it, or name another folder with --data")
                .formatted(folder));
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(JOIN_POLL_MILLIS); // A file lock cannot be waited for with a limit.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.BROKER, "interrupted while waiting for the broker", e);
    }
  }

  private static EmbeddedBroker start(Path folder, Path addressFile, FolderLock lock) {
    Path log = folder.resolve("log");
    try {
      Files.deleteIfExists(addressFile); // Left by a process that died.
      sayWhatStopsTheProcess(log);
      KraftServer.formatIfNew(log);
      for (int attempt = 1; ; attempt++) {
        int port = freePort();
        try {
          KraftServer server = KraftServer.start(BrokerSettings.of(log, port, freePort()));
          Address address = new Address(port, ProcessHandle.current().pid());
          address.write(addressFile);
          return new EmbeddedBroker(address, addressFile, server, lock);
        } catch (RuntimeException e) {
          if (attempt == PORT_ATTEMPTS || !BrokerFaults.isCausedBy(e, BindException.class)) {
            throw e;
          }
        }
      }
    } catch (Exception | LinkageError e) {
      lock.close();
      throw BrokerFaults.startFailed(log, e);
    }
  }

  /** Kafka ends the JVM on a fatal fault; that must not happen in silence. */
  private static void sayWhatStopsTheProcess(Path log) {
    Exit.Procedure procedure =
        (status, message) -> {
          String reason =
              Optional.ofNullable(message)
                  .or(LineAppender::lastKafkaError)
                  .orElse("Kafka gave no reason");
          System.err.println("ramtide: " + Printable.of(BrokerFaults.stopped(log, reason)));
          Runtime.getRuntime().halt(ExitCode.LOCAL.code());
        };
    Exit.setExitProcedure(procedure);
    Exit.setHaltProcedure(procedure);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, BrokerSettings.loopback())) {
      return socket.getLocalPort();
    }
  }

  public String bootstrapServers() {
    return address.bootstrapServers();
  }

  /** Whether another process runs the broker. */
  public boolean isJoined() {
    return server == null;
  }

  /** The process that runs the broker. */
  public long pid() {
    return address.pid();
  }

  /** Stops the broker if this process runs it; its data stays. */
  @Override
  public void close() {
    if (server == null) {
      return;
    }
    try {
      server.stop();
      Files.deleteIfExists(addressFile);
    } catch (IOException e) {
      // A stale address is found out by the next one.
    } finally {
      lock.close();
    }
  }
}
