package io.ramtide.acquirer.live;

import io.ramtide.acquirer.qemu.GuestLayout;
import io.ramtide.acquirer.qemu.stream.RamImage;
import io.ramtide.acquirer.qemu.stream.RamStream;
import io.ramtide.acquirer.qemu.stream.SaveHeader;
import io.ramtide.acquirer.source.MachineFacts;
import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/**
 * libvirt's external memory snapshot: a point in time, for which the guest stands still only while
 * the last dirty pages are written. The file is unlinked as soon as it is open.
 */
public final class Snapshot implements CaptureMethod {
  private final LiveGuest guest;
  private final MethodOptions options;

  private Snapshot(LiveGuest guest, MethodOptions options) {
    this.guest = guest;
    this.options = options;
  }

  static CaptureMethod of(LiveGuest guest, MethodOptions options) throws IOException {
    guest.monitor(); // Fails where the hypervisor is no QEMU.
    if (!Files.isDirectory(options.folder())) {
      throw new MethodUnavailableException(
          "%s: there is no folder %s for its snapshot; create it"
              .formatted(guest.name(), options.folder()),
          null);
    }
    return new Snapshot(guest, options);
  }

  @Override
  public Method method() {
    return Method.SNAPSHOT;
  }

  @Override
  public MemorySource open() throws IOException {
    removeOld();
    RunState.requireIdle(guest, guest.monitor());
    MachineFacts machine = guest.facts();
    GuestLayout layout = guest.layout();
    Path path =
        options.folder().resolve(prefix() + Long.toHexString(System.nanoTime()) + ".snapshot");
    OptionalLong stall;
    FileChannel file;
    MigrationBandwidth bandwidth = MigrationBandwidth.of(guest.monitor());
    try (StallWatch watch = guest.isPaused() ? null : new StallWatch(guest)) {
      try {
        guest.snapshotMemory(path);
      } finally {
        bandwidth.restore();
      }
      stall = watch == null ? OptionalLong.of(0) : watch.micros();
      file = FileChannel.open(path, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw new IOException(
          "%s: libvirt wrote its snapshot, but %s is not to be seen here: name a folder that libvirtd and this process share"
              .formatted(guest.name(), path),
          e);
    } finally {
      Files.deleteIfExists(path);
    }
    String name = "the memory snapshot of " + guest.name();
    RamImage image = index(name, file, layout);
    boolean kept = false;
    try {
      Layouts.requireSame(guest, layout);
      MemorySource source = new ImageSource(guest, method(), image, machine, stall);
      kept = true;
      return source;
    } finally {
      if (!kept) {
        image.close();
      }
    }
  }

  private RamImage index(String name, FileChannel file, GuestLayout layout) throws IOException {
    long start;
    try {
      start = SaveHeader.streamOffset(name, file);
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return RamStream.index(name, file, start, (machine, blocks) -> layout);
  }

  /** What a process left that was killed while the hypervisor wrote. */
  private void removeOld() throws IOException {
    try (DirectoryStream<Path> old =
        Files.newDirectoryStream(options.folder(), prefix() + "*.snapshot")) {
      for (Path path : old) {
        Files.deleteIfExists(path);
      }
    }
  }

  private String prefix() {
    return guest.uuid() + "-";
  }

  @Override
  public void close() {}
}
