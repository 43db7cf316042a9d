package io.ramtide.acquirer.live.seen;

import io.ramtide.acquirer.dump.Dumps;
import io.ramtide.acquirer.dump.UnreadableDumpException;
import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.live.NoSpaceException;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.acquirer.source.Ranges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.concurrent.TimeUnit;

/**
 * Has the hypervisor dump RAM as an ELF core, and captures that: a point in time. QEMU stops the
 * guest for all of the writing, whatever libvirt is asked for, and reads every page: RAM in a
 * memory file is allocated, up to all of it. The file has the size of RAM; it is unlinked as soon
 * as it is open.
 */
public final class CoreDump implements CaptureMethod {
  /** Headers and notes, of which there are some hundred bytes a processor. */
  private static final long MOST_BESIDE_RAM = 64 << 20;

  private static final String ELF = "dump:elf-core";

  private final LiveGuest guest;
  private final MethodOptions options;

  private CoreDump(LiveGuest guest, MethodOptions options) {
    this.guest = guest;
    this.options = options;
  }

  /** Cannot try a dump, which would stall the guest; looks whether its file could be written. */
  public static CoreDump of(LiveGuest guest, MethodOptions options) throws IOException {
    guest.pid(); // Fails if QEMU runs on another host, where the file would be.
    CoreDump method = new CoreDump(guest, options);
    SeenRam seen = SeenRam.of(guest);
    try (OwnFolder folder = method.folder()) {
      method.requireSpace(seen, folder);
    }
    return method;
  }

  @Override
  public Method method() {
    return Method.DUMP;
  }

  @Override
  public MemorySource open() throws IOException {
    SeenRam seen = SeenRam.of(guest);
    try (OwnFolder folder = folder()) {
      requireSpace(seen, folder);
      long start = System.nanoTime();
      guest.dumpCore(folder.file());
      long stalled = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
      seen.requireSame(guest);
      return open(seen, folder, stalled);
    }
  }

  private MemorySource open(SeenRam seen, OwnFolder folder, long stalled) throws IOException {
    long bytes = 0;
    if (Files.isRegularFile(folder.file(), LinkOption.NOFOLLOW_LINKS)) {
      bytes = Files.size(folder.file());
    }
    long ram = Ranges.bytes(seen.layout().ram());
    if (bytes == 0 || bytes > 2 * ram + MOST_BESIDE_RAM) {
      throw new IOException(
          "%s: the dump of %d bytes of RAM has %d bytes; does the hypervisor write on this host?"
              .formatted(guest.name(), ram, bytes));
    }
    MemorySource dump;
    try {
      dump = Dumps.open(folder.file());
    } catch (UnreadableDumpException e) {
      throw new IOException(guest.name() + ": its dump cannot be read: " + e.getMessage(), e);
    }
    try {
      if (!dump.description().method().equals(ELF)) {
        throw new IOException(
            "%s: its dump is no ELF core but %s"
                .formatted(guest.name(), dump.description().method()));
      }
      return CoreDumpSource.of(guest, seen, seen.hiddenSince(guest), dump, stalled);
    } catch (IOException e) {
      dump.close();
      throw e;
    }
  }

  private OwnFolder folder() throws IOException {
    return OwnFolder.of(guest, Method.DUMP, options.folder(), "rwx------");
  }

  /** A full disk is told before the guest is stalled for nothing. */
  private void requireSpace(SeenRam seen, OwnFolder folder) throws IOException {
    long needed = Ranges.bytes(seen.layout().ram());
    long free = Files.getFileStore(folder.file()).getUsableSpace();
    if (free < needed) {
      throw new NoSpaceException(
          "%s: a dump needs %d MiB in %s, and only %d MiB are free; name another folder"
              .formatted(guest.name(), needed >> 20, options.folder(), free >> 20));
    }
  }

  @Override
  public void close() {}
}
