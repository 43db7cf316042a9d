package io.ramtide.cli.data;

import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Exclusive use of a folder, by the lock file in it; the system frees it when a process dies. */
public final class FolderLock implements AutoCloseable {
  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Locks the folder, which is made if need be; empty if it is in use, by this process or another.
   */
  public static Optional<FolderLock> tryLock(Path folder) {
    Path file = DataFolder.create(folder).resolve("lock");
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(new FolderLock(channel));
      }
      channel.close();
      return Optional.empty();
    } catch (OverlappingFileLockException e) {
      close(channel);
      return Optional.empty();
    } catch (IOException e) {
      close(channel);
      throw new Failure(
          ExitCode.LOCAL,
          "cannot lock %s (%s): make it writable or name another folder with --data"
              .formatted(file, Failure.reason(e)),
          e);
    }
  }

  @Override
  public void close() {
    close(channel);
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // The lock goes with the process.
    }
  }
}
