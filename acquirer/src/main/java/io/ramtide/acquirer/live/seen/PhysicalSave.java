package io.ramtide.acquirer.live.seen;

import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.GuestGoneException;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.live.MethodUnavailableException;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/**
 * Has QEMU save RAM to a file, piece by piece, and reads it from there. A piece is what is asked
 * for, at most 4 MiB, so it never goes beyond a part of RAM (QEMU would fill a hole with zeros and
 * not say so), the file stays small, QEMU's big lock is held only for some milliseconds, and a
 * piece is as new as it claims. The same pages are touched as by {@link Peek}.
 */
public final class PhysicalSave implements CaptureMethod {
  private static final int MOST = 4 << 20;

  private final LiveGuest guest;
  private final MethodOptions options;

  private PhysicalSave(LiveGuest guest, MethodOptions options) {
    this.guest = guest;
    this.options = options;
  }

  public static PhysicalSave of(LiveGuest guest, MethodOptions options) throws IOException {
    PhysicalSave method = new PhysicalSave(guest, options);
    try (MemorySource source = method.open()) {
      List<MemoryRange> data = source.data();
      if (!data.isEmpty()) {
        source.view(data.get(0).gpa(), MemorySource.FRAME_BYTES);
      }
    }
    return method;
  }

  @Override
  public Method method() {
    return Method.PMEMSAVE;
  }

  @Override
  public MemorySource open() throws IOException {
    long qemu = guest.pid(); // Fails if QEMU runs on another host, and so would write there.
    SeenRam seen = SeenRam.of(guest);
    OwnFolder folder = OwnFolder.of(guest, Method.PMEMSAVE, options.folder(), "rwx--x--x");
    try {
      letWrite(qemu, folder.file());
      return new Source(guest, seen, folder);
    } catch (IOException e) {
      folder.close();
      throw e;
    }
  }

  /** Gives QEMU's user the file; who may not do that lets everybody write who knows its name. */
  private static void letWrite(long qemu, Path file) throws IOException {
    Object user = Files.getAttribute(Path.of("/proc", Long.toString(qemu)), "unix:uid");
    if (user.equals(Files.getAttribute(file, "unix:uid"))) {
      return;
    }
    try {
      Files.setAttribute(file, "unix:uid", user);
    } catch (IOException e) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw--w--w-"));
    }
  }

  @Override
  public void close() {}

  private static final class Source extends SeenSource {
    private final LiveGuest guest;
    private final OwnFolder folder;
    private final FileChannel file;

    Source(LiveGuest guest, SeenRam seen, OwnFolder folder) throws IOException {
      super(Method.PMEMSAVE, guest, seen);
      this.guest = guest;
      this.folder = folder;
      file = folder.open();
    }

    @Override
    void fetch(long gpa, ByteBuffer target) throws IOException {
      int end = target.limit();
      long at = gpa;
      while (target.position() < end) {
        int bytes = Math.min(MOST, end - target.position());
        save(at, bytes);
        target.limit(target.position() + bytes);
        take(at, target);
        at += bytes;
        target.limit(end);
      }
    }

    private void save(long gpa, int bytes) throws IOException {
      String path = folder.file().toAbsolutePath().toString();
      try {
        guest.monitor().execute("pmemsave", Map.of("val", gpa, "size", bytes, "filename", path));
      } catch (IOException e) {
        IOException why = SeenRam.explain(e);
        if (why instanceof GuestGoneException || why instanceof MethodUnavailableException) {
          throw why;
        }
        throw new IOException(
            ("%s: QEMU could not save RAM to %s (%s); its user must be able to write there, the"
                    + " security driver must allow it, and the disk must not be full")
                .formatted(guest.name(), path, e.getMessage()),
            e);
      }
    }

    private void take(long gpa, ByteBuffer target) throws IOException {
      int bytes = target.remaining();
      if (file.size() != bytes) {
        throw new IOException(
            "%s: QEMU saved %d bytes of GPA 0x%x and not %d; is the disk of %s full?"
                .formatted(guest.name(), file.size(), gpa, bytes, folder.file()));
      }
      long at = 0;
      while (target.hasRemaining()) {
        int read = file.read(target, at);
        if (read < 0) {
          throw new IOException(
              "%s: %s was cut off while it was read".formatted(guest.name(), folder.file()));
        }
        at += read;
      }
    }

    @Override
    public void close() throws IOException {
      try {
        file.close();
      } finally {
        folder.close();
      }
    }
  }
}
