package io.ramtide.acquirer.host;

import io.ramtide.acquirer.host.MappedArea.FileId;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Finds the files behind a process's mappings, by device and inode: their names mean nothing. */
public final class SharedFiles {
  private static final int MAX_DESCRIPTORS = 1 << 16;

  private final HostProcess process;
  private final Map<FileId, Path> descriptors = new HashMap<>();

  private SharedFiles(HostProcess process) {
    this.process = process;
  }

  /** Looks at every file that a process has open. */
  public static SharedFiles of(HostProcess process) throws IOException {
    SharedFiles files = new SharedFiles(process);
    try (DirectoryStream<Path> folder = Files.newDirectoryStream(process.proc("fd"))) {
      int seen = 0;
      for (Path link : folder) {
        if (++seen > MAX_DESCRIPTORS) {
          break;
        }
        files.add(link);
      }
    } catch (IOException e) {
      throw process.explain(e);
    }
    return files;
  }

  private void add(Path link) {
    try {
      Map<String, Object> facts = Files.readAttributes(link, "unix:dev,ino");
      descriptors.putIfAbsent(FileId.of((Long) facts.get("dev"), (Long) facts.get("ino")), link);
    } catch (IOException e) {
      // It was closed meanwhile.
    }
  }

  /**
   * Opens the file of a mapping: through a descriptor of the process, or, if that has none any
   * more, through /proc/PID/map_files.
   *
   * @throws AccessRefusedException if Linux does not allow it, with what it takes
   */
  public SharedFile open(MappedArea area) throws IOException {
    Path descriptor = descriptors.get(area.file());
    try {
      if (descriptor != null) {
        SharedFile file = SharedFile.open(descriptor);
        if (file.id().equals(area.file())) {
          return file;
        }
        file.close(); // The process has put another file there meanwhile.
      }
      return SharedFile.open(process.proc("map_files").resolve(area.name()));
    } catch (AccessDeniedException e) {
      throw new AccessRefusedException(
          "no permission to open the file %s that process %d maps: %s"
              .formatted(area.file(), process.pid(), need(descriptor)),
          e);
    } catch (IOException e) {
      process.requireAlive();
      throw new IOException(
          "the file %s that process %d maps cannot be opened: %s"
              .formatted(area.file(), process.pid(), e.getMessage()),
          e);
    }
  }

  private static String need(Path descriptor) {
    return descriptor != null
        ? "run as its owner, or with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH"
        : "the process has closed it, and /proc/PID/map_files takes CAP_SYS_PTRACE and"
            + " CAP_CHECKPOINT_RESTORE";
  }
}
