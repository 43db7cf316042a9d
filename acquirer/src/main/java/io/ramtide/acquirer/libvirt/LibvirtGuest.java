package io.ramtide.acquirer.libvirt;

import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.qemu.GuestLayout;
import io.ramtide.acquirer.qemu.Monitor;
import io.ramtide.acquirer.source.MachineFacts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.UUID;

/**
 * One run of a domain: once the domain stops, every call fails with a GuestGoneException, also when
 * it was started again; that run is another LibvirtGuest. Holds nothing open.
 */
public final class LibvirtGuest implements LiveGuest {
  LibvirtGuest() {}

  @Override
  public UUID uuid() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String name() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String run() {
    throw new UnsupportedOperationException();
  }

  @Override
  public GuestLayout layout() throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public MachineFacts facts() throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public Monitor monitor() throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public long pid() throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isPaused() throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void suspend() throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void resume() throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void peek(long gpa, ByteBuffer target) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void dumpCore(Path file) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void snapshotMemory(Path file) throws IOException {
    throw new UnsupportedOperationException();
  }
}
