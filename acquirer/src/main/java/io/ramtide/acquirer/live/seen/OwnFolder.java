package io.ramtide.acquirer.live.seen;

import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodUnavailableException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A folder with one file that the hypervisor writes into. Only this process's user can change what
 * is in the folder, so the file cannot be replaced by something else: QEMU may be in the hands of
 * its guest. Both are gone when this is closed; those of a process that was killed when the next
 * one for the same guest is made, which is told by a lock.
 */
final class OwnFolder implements Closeable {
  private static final String FILE = "ram";
  private static final String LOCK = "lock";

  private final Path folder;
  private final FileChannel lock;

  private OwnFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Makes a folder and an empty file in it.
   *
   * @param permissions of the folder: others must be able to reach the file, or only the superuser
   * @throws MethodUnavailableException if it cannot be made
   */
  static OwnFolder of(LiveGuest guest, Method method, Path parent, String permissions)
      throws IOException {
    String prefix = guest.uuid() + "-" + method.text() + "-";
    try {
      removeOld(parent, prefix);
      Path folder = Files.createTempDirectory(parent, prefix);
      FileChannel lock = create(folder.resolve(LOCK));
      OwnFolder own = new OwnFolder(folder, lock);
      try {
        lock.lock();
        create(own.file()).close();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
        return own;
      } catch (IOException e) {
        own.close();
        throw e;
      }
    } catch (FileSystemException e) {
      throw new MethodUnavailableException(
          "%s: %s has to write a file, and cannot make it in %s (%s); name a folder where it can"
              .formatted(guest.name(), method.text(), parent, reason(e)),
          e);
    }
  }

  private static String reason(FileSystemException e) {
    return e instanceof NoSuchFileException
        ? "there is no such folder"
        : e instanceof AccessDeniedException ? "no permission" : String.valueOf(e.getReason());
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  Path file() {
    return folder.resolve(FILE);
  }

  /** Opens the file itself: never what a link leads to. */
  FileChannel open() throws IOException {
    if (!Files.isRegularFile(file(), LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file() + ": is not the file any more that was made");
    }
    return FileChannel.open(file(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  @Override
  public void close() throws IOException {
    try {
      remove(folder);
    } finally {
      lock.close();
    }
  }

  private static void removeOld(Path parent, String prefix) throws IOException {
    try (DirectoryStream<Path> old = Files.newDirectoryStream(parent, prefix + "*")) {
      for (Path folder : old) {
        if (!isInUse(folder)) {
          remove(folder);
        }
      }
    }
  }

  private static boolean isInUse(Path folder) throws IOException {
    Set<OpenOption> write = Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try (FileChannel lock = FileChannel.open(folder.resolve(LOCK), write)) {
      return lock.tryLock() == null;
    } catch (OverlappingFileLockException e) {
      return true;
    } catch (NoSuchFileException e) {
      return true; // It is being made just now.
    }
  }

  private static void remove(Path folder) throws IOException {
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(folder.resolve(FILE));
      Files.deleteIfExists(folder.resolve(LOCK));
    }
    Files.deleteIfExists(folder);
  }
}
