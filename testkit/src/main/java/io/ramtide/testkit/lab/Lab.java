package io.ramtide.testkit.lab;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A private libvirtd with a configuration, sockets and folders of its own, beside whatever else
 * runs on this host. It and its guests end with {@link #close}, and also when this JVM is killed.
 */
public final class Lab implements Closeable {

  private Lab() {}

  /** Why there can be no lab on this host, for a test's assumption; empty if there can. */
  public static Optional<String> whyNot() {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException(qemuUser);
  }

  /** The connection URI for libvirt clients of this host. */
  public String uri() {
    throw new UnsupportedOperationException();
  }

  /** Where everything of this lab is; QEMU can write there; deleted at {@link #close}. */
  public Path folder() {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  /** Ends libvirtd in order; the guests run on. */
  public void stopLibvirtd() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Kills libvirtd; the guests run on. */
  public void killLibvirtd() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Starts libvirtd again and waits until it answers. */
  public void startLibvirtd() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** {@link #stopLibvirtd}, then {@link #startLibvirtd}. */
  public void restartLibvirtd() throws IOException {
    stopLibvirtd();
    startLibvirtd();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
