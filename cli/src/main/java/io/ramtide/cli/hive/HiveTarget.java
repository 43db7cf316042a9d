package io.ramtide.cli.hive;

import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;

/**
 * Where hives are written. A guest chooses no name: of a hive's path only letters, digits and
 * dashes remain, behind a number.
 *
 * @param out a file for one hive, or a folder
 * @param isFolder whether it is a folder, which is made where there is none
 * @param overwrites whether files that are there are replaced
 */
public record HiveTarget(Path out, boolean isFolder, boolean overwrites) {
  private static final int MAX_NAME = 60;
  private static final String ROOT = "\\REGISTRY\\";

  /**
   * The file of a hive.
   *
   * @param number of the hive, from 1 on
   */
  Path file(int number, String path) {
    if (!isFolder) {
      return out;
    }
    String name = path.startsWith(ROOT) ? path.substring(ROOT.length()) : path;
    String plain = name.replaceAll("[^A-Za-z0-9-]+", "_").replaceAll("^_|_$", "");
    String cut = plain.substring(0, Math.min(plain.length(), MAX_NAME));
    return out.resolve("%03d-%s.hive".formatted(number, cut.isEmpty() ? "hive" : cut));
  }

  /** The file that describes another one. */
  static Path sidecar(Path file) {
    return file.resolveSibling(file.getFileName() + ".json");
  }

  /**
   * Opens a file for writing, which only its owner may read where the system can say so: hives hold
   * secrets. A link is never followed.
   *
   * @throws Failure if it is there and is not to be replaced
   */
  OutputStream open(Path file) throws IOException {
    if (isFolder) {
      Files.createDirectories(out);
    }
    Set<OpenOption> options = new HashSet<>(Set.of(StandardOpenOption.WRITE));
    options.add(LinkOption.NOFOLLOW_LINKS);
    if (overwrites) {
      options.add(StandardOpenOption.CREATE);
      options.add(StandardOpenOption.TRUNCATE_EXISTING);
    } else {
      options.add(StandardOpenOption.CREATE_NEW);
    }
    try {
      return Channels.newOutputStream(Files.newByteChannel(file, options, owner(file)));
    } catch (FileAlreadyExistsException e) {
      throw new Failure(
          ExitCode.USAGE,
          file + ": is there already: name another place, or give --force to replace it",
          e);
    }
  }

  private static FileAttribute<?>[] owner(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
