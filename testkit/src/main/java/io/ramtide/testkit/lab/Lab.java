package io.ramtide.testkit.lab;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A private libvirtd with a configuration, sockets and folders of its own, beside whatever else
 * runs on this host. It and its guests end with {@link #close}, and also when this JVM is killed.
 */
public final class Lab implements Closeable {

  private final Path folder;
  private final Enclosure enclosure;
  private final Daemon daemon;

  private Lab(Path folder, String qemuUser) throws IOException {
    this.folder = folder;
    Daemon.configure(folder, qemuUser);
    enclosure = new Enclosure(folder);
    daemon = new Daemon(folder, enclosure);
  }

  /** Why there can be no lab on this host, for a test's assumption; empty if there can. */
  public static Optional<String> whyNot() {
    return Requirements.missing();
  }

  /** Starts libvirtd, with QEMU running as root. */
  public static Lab start() throws IOException {
    return start("root");
  }

  /**
   * Starts libvirtd.
   *
   * @param qemuUser whom QEMU runs as: a name, or a plus sign and a number, e.g. +65534
   */
  public static Lab start(String qemuUser) throws IOException {
    Optional<String> missing = whyNot();
    if (missing.isPresent()) {
      throw new IOException("no lab: " + missing.get());
    }
    Path folder = Files.createTempDirectory("ramtide-lab");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    Lab lab = new Lab(folder.toRealPath(), qemuUser);
    try {
      lab.startLibvirtd();
      return lab;
    } catch (IOException | RuntimeException e) {
      lab.close();
      throw e;
    }
  }

  /** The connection URI for libvirt clients of this host. */
  public String uri() {
    return "qemu+unix:///system?socket=" + Daemon.socket(folder);
  }

  /** Where everything of this lab is; QEMU can write there; deleted at {@link #close}. */
  public Path folder() {
    return folder;
  }

  /** A guest to be; names are unique in a lab. */
  public LabGuest.Builder guest(String name) {
    return new LabGuest.Builder(this, name);
  }

  /**
   * Runs virsh on this lab's libvirtd and gives what it printed.
   *
   * @throws IOException if it failed, with what it printed
   */
  public String virsh(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("virsh", "--quiet", "--connect", uri()));
    command.addAll(Arrays.asList(arguments));
    return Tool.run(command);
  }

  /** Ends libvirtd in order; the guests run on. */
  public void stopLibvirtd() throws IOException {
    daemon.stop();
  }

  /** Kills libvirtd; the guests run on. */
  public void killLibvirtd() throws IOException {
    daemon.kill();
  }

  /** Starts libvirtd again and waits until it answers. */
  public void startLibvirtd() throws IOException {
    daemon.start();
    virsh("version");
  }

  /** {@link #stopLibvirtd}, then {@link #startLibvirtd}. */
  public void restartLibvirtd() throws IOException {
    stopLibvirtd();
    startLibvirtd();
  }

  /** Kills libvirtd and all guests, and deletes the folder. */
  @Override
  public void close() {
    enclosure.close();
  }
}
