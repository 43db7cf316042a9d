package io.ramtide.acquirer.qemu.stream;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files without a name: whatever happens to the process, nothing of them is left behind. */
final class TemporaryFile {
  private TemporaryFile() {}

  /** A new file for reading and writing, readable by its owner alone, already unlinked. */
  static FileChannel open(Path folder) throws IOException {
    Path path = Files.createTempFile(folder, "ramtide-", ".tmp");
    try {
      return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } finally {
      Files.delete(path);
    }
  }
}
