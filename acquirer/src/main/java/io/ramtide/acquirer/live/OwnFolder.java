package io.ramtide.acquirer.live;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A folder with one file that the hypervisor writes into. Only this process's user can change what
 * is in the folder, so the file cannot be replaced by something else: QEMU may be in the hands of
 * its guest. Both are gone when this is closed, and those of a process that was killed when the next
 * one for the same guest is made.
 */
final class OwnFolder implements Closeable {
  private static final String FILE = "ram";

  private final Path folder;

  private OwnFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes a folder and an empty file in it.
   *
   * @param mode of the folder: 711 if others have to reach the file, else 700
   * @throws MethodUnavailableException if it cannot be made
   */
  static OwnFolder of(LiveGuest guest, Method method, Path parent, String mode)
      throws IOException {
    String prefix = guest.uuid() + "-" + method.text() + "-";
    try {
      removeOld(parent, prefix);
      OwnFolder own = new OwnFolder(Files.createTempDirectory(parent, prefix));
      try {
        Files.setPosixFilePermissions(own.folder, PosixFilePermissions.fromString(mode));
        Set<StandardOpenOption> fresh =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        FileChannel.open(own.file(), fresh, PosixFilePermissions.asFileAttribute(
            PosixFilePermissions.fromString("rw-------"))).close();
        return own;
      } catch (IOException e) {
        own.close();
        throw e;
      }
    } catch (FileSystemException e) {
      throw new MethodUnavailableException(
          "%s: %s needs a folder to write to, and %s is none (%s); make it, or name another one"
              .formatted(guest.name(), method.text(), parent, e),
          e);
    }
  }

  Path file() {
    return folder.resolve(FILE);
  }

  /** Opens the file itself: never what a link leads to. */
  FileChannel open() throws IOException {
    if (!Files.isRegularFile(file(), LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file() + ": is not the file any more that was made");
    }
    return FileChannel.open(
        file(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  @Override
  public void close() throws IOException {
    remove(folder);
  }

  private static void removeOld(Path parent, String prefix) throws IOException {
    try (DirectoryStream<Path> old = Files.newDirectoryStream(parent, prefix + "*")) {
      for (Path folder : old) {
        remove(folder);
      }
    }
  }

  private static void remove(Path folder) throws IOException {
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(folder.resolve(FILE));
    }
    Files.deleteIfExists(folder);
  }
}
