package io.ramtide.acquirer.live.moment;

import io.ramtide.acquirer.live.MethodUnavailableException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.UUID;
import jdk.net.ExtendedSocketOptions;

/**
 * A unix socket to which one QEMU may send its migration stream: only QEMU's user can connect, and
 * whoever did is asked for. Silence fails.
 */
final class MigrationSocket implements ReadableByteChannel {
  /** sockaddr_un holds 108 bytes, the last of them 0. */
  private static final int MAX_PATH = 107;

  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path path;
  private final int user;
  private final ServerSocketChannel server;
  private SocketChannel peer;

  private MigrationSocket(Path path, int user, ServerSocketChannel server) {
    this.path = path;
    this.user = user;
    this.server = server;
  }

  /**
   * Listens.
   *
   * @param pid of QEMU
   */
  static MigrationSocket listen(Path folder, UUID guest, long pid) throws IOException {
    Path path = pathIn(folder, guest);
    int user = effectiveUser(pid);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    boolean listens = false;
    try {
      server.bind(UnixDomainSocketAddress.of(path), 1);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      if ((int) Files.getAttribute(path, "unix:uid") != user) {
        Files.setAttribute(path, "unix:uid", user);
      }
      server.configureBlocking(false);
      listens = true;
      return new MigrationSocket(path, user, server);
    } finally {
      if (!listens) {
        server.close();
        Files.deleteIfExists(path);
      }
    }
  }

  /** Removes what a capture of the guest left that was killed, under its {@link GuestNote}. */
  static void removeOld(Path folder, UUID guest) throws IOException {
    try (DirectoryStream<Path> old = Files.newDirectoryStream(folder, prefix(guest) + "*.sock")) {
      for (Path path : old) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static String prefix(UUID guest) {
    return "m-%016x-".formatted(guest.getMostSignificantBits());
  }

  /**
   * A name in the folder for a socket.
   *
   * @throws MethodUnavailableException if it is too long for one
   */
  static Path pathIn(Path folder, UUID guest) throws MethodUnavailableException {
    Path path =
        folder.toAbsolutePath().resolve(prefix(guest) + "%08x.sock".formatted(RANDOM.nextInt()));
    int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_PATH) {
      throw new MethodUnavailableException(
          "the path of a socket in %s has %d bytes, and the kernel allows %d; take another folder"
              .formatted(folder, length, MAX_PATH),
          null);
    }
    return path;
  }

  /** The user that a process acts as. */
  static int effectiveUser(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
      if (line.startsWith("Uid:")) {
        return Integer.parseInt(line.split("\\s+", -1)[2]);
      }
    }
    throw new IOException("/proc/%d/status does not tell the user".formatted(pid));
  }

  /** As QMP's migrate takes it. */
  String uri() {
    return "unix:" + path;
  }

  /**
   * Waits a little for the connection.
   *
   * @return whether it is there
   */
  boolean accept(Duration wait) throws IOException {
    if (!ready(server, SelectionKey.OP_ACCEPT, wait)) {
      return false;
    }
    SocketChannel connected = server.accept();
    if (connected == null) {
      return false;
    }
    Object connectedUser = connected.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
    if (!connectedUser.equals(Files.getOwner(path))) {
      connected.close();
      throw new IOException(
          "%s connected to the migration socket, which is for QEMU's user %d"
              .formatted(connectedUser, user));
    }
    connected.configureBlocking(false);
    peer = connected;
    return true;
  }

  boolean isConnected() {
    return peer != null;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    while (true) {
      int read = peer.read(target);
      if (read != 0) {
        return read;
      }
      if (!ready(peer, SelectionKey.OP_READ, SILENCE)) {
        throw new IOException(
            "QEMU has sent nothing for %d s in mid-stream".formatted(SILENCE.toSeconds()));
      }
    }
  }

  private static boolean ready(SelectableChannel channel, int operation, Duration wait)
      throws IOException {
    try (Selector selector = Selector.open()) {
      channel.register(selector, operation);
      return selector.select(wait.toMillis()) > 0;
    }
  }

  @Override
  public boolean isOpen() {
    return server.isOpen();
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
    try {
      if (peer != null) {
        peer.close();
      }
    } finally {
      server.close();
    }
  }
}
