package io.ramtide.testkit.lab;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The lab's libvirtd. */
final class Daemon {

  private final Path folder;
  private final Enclosure enclosure;
  private Process process;

  Daemon(Path folder, Enclosure enclosure) {
    this.folder = folder;
    this.enclosure = enclosure;
  }

  /** Files that libvirtd reads in its folder, before the enclosure puts that at /etc/libvirt. */
  static void configure(Path folder, String qemuUser) throws IOException {
    Path etc = Files.createDirectories(folder.resolve("etc"));
    Files.writeString(
        etc.resolve("libvirtd.conf"),
        """
        unix_sock_dir = "%s"
        unix_sock_rw_perms = "0700"
        auth_unix_ro = "none"
        auth_unix_rw = "none"
        """
            .formatted(sockets(folder)));
    Files.writeString(
        etc.resolve("qemu.conf"),
        """
        user = "%s"
        group = "%s"
        security_driver = "none"
        cgroup_controllers = []
        namespaces = []
        stdio_handler = "file"
        remember_owner = 0
        memory_backing_dir = "%s"
        """
            .formatted(qemuUser, qemuUser, folder.resolve("ram")));
    Files.createDirectories(folder.resolve("sock"));
    Files.createDirectories(folder.resolve("ram"));
  }

  static Path socket(Path folder) {
    return sockets(folder).resolve("libvirt-sock");
  }

  private static Path sockets(Path folder) {
    return folder.resolve("sock");
  }

  void start() throws IOException {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException("libvirtd runs");
    }
    process =
        new ProcessBuilder(
                enclosure.inside(
                    "libvirtd", "--pid-file", folder.resolve("libvirtd.pid").toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log.txt").toFile()))
            .start();
    Waiting.until("libvirtd answers", this::answers);
  }

  private boolean answers() throws IOException {
    if (!process.isAlive()) {
      throw new IOException(
          "libvirtd ended at once: " + Files.readString(folder.resolve("log.txt")));
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket(folder)));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  void stop() throws IOException {
    process.destroy();
    awaitEnd();
  }

  void kill() throws IOException {
    process.destroyForcibly();
    awaitEnd();
  }

  private void awaitEnd() throws IOException {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw Tool.interrupted(e);
    }
  }
}
