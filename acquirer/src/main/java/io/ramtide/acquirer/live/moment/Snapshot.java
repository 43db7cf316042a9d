package io.ramtide.acquirer.live.moment;

import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.live.MethodUnavailableException;
import io.ramtide.acquirer.live.NoSpaceException;
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
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * libvirt's external memory snapshot: a point in time, for which the guest stands still only while
 * the last dirty pages are written. The file is unlinked as soon as it is open.
 */
public final class Snapshot implements CaptureMethod {
  private static final Logger LOG = LoggerFactory.getLogger(Snapshot.class);

  private final LiveGuest guest;
  private final MethodOptions options;

  private Snapshot(LiveGuest guest, MethodOptions options) {
    this.guest = guest;
    this.options = options;
  }

  public static CaptureMethod of(LiveGuest guest, MethodOptions options) throws IOException {
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
  @SuppressWarnings("try") // The limit is put back.
  public MemorySource open() throws IOException {
    repair(guest, options).ifPresent(LOG::warn);
    RunState.requireIdle(guest, guest.monitor());
    MachineFacts machine = guest.facts();
    GuestLayout layout = guest.layout();
    Path path =
        options.folder().resolve(prefix(guest) + Long.toHexString(System.nanoTime()) + ".snapshot");
    OptionalLong stall;
    FileChannel file;
    try (MigrationBandwidth limit = MigrationBandwidth.keep(guest, options.folder());
        StallWatch watch = guest.isPaused() ? null : new StallWatch(guest)) {
      write(path);
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

  private void write(Path path) throws IOException {
    try {
      guest.snapshotMemory(path);
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("No space left on device")) {
        throw new NoSpaceException(
            "%s: no room for its snapshot: No space left on device in %s; free as much as the guest's RAM there, or name another folder; the guest runs on"
                .formatted(guest.name(), path.getParent()),
            e);
      }
      throw e;
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

  /**
   * Puts QEMU's limit of bandwidth back and removes the file of a capture that was killed, and ends
   * what a background snapshot that failed left in QEMU: this method would fail. Call it for every
   * guest that appears on a connection.
   *
   * @return what was done, one sentence; empty if there was nothing to do
   */
  public static Optional<String> repair(LiveGuest guest, MethodOptions options) throws IOException {
    BackgroundSnapshot.repair(guest, options).ifPresent(LOG::warn);
    boolean raised = MigrationBandwidth.repair(guest, options.folder());
    try (DirectoryStream<Path> old =
        Files.newDirectoryStream(options.folder(), prefix(guest) + "*.snapshot")) {
      for (Path path : old) {
        Files.deleteIfExists(path);
      }
    }
    return raised
        ? Optional.of(
            "%s: a capture was killed in its snapshot; QEMU's limit max-bandwidth is as before"
                .formatted(guest.name()))
        : Optional.empty();
  }

  private static String prefix(LiveGuest guest) {
    return guest.uuid() + "-";
  }

  @Override
  public void close() {}
}
