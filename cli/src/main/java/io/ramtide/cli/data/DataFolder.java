package io.ramtide.cli.data;

import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where ramtide keeps what survives a run. Folders are made when they are first asked for. */
public record DataFolder(Path root) {

  /** $XDG_DATA_HOME/ramtide, or ~/.local/share/ramtide. */
  public static Path standard() {
    String xdg = System.getenv("XDG_DATA_HOME");
    Path base =
        xdg == null || xdg.isBlank()
            ? Path.of(System.getProperty("user.home"), ".local", "share")
            : Path.of(xdg);
    return base.resolve("ramtide");
  }

  /** The embedded broker's log, lock and address. */
  public Path broker() {
    return folder("broker");
  }

  /** The key pair that signs captures. */
  public Path signingKey() {
    return folder("keys").resolve("acquirer.pem");
  }

  /** Rebuilt images of one scanner: a cache. */
  public Path scanner(String instance) {
    return folder("scanner").resolve(instance);
  }

  /** Streams' stores of one correlator. */
  public Path correlator(String instance) {
    return folder("correlator").resolve(instance);
  }

  /** Imported symbols; made by the first import. */
  public Path symbols() {
    return root.resolve("symbols");
  }

  public Path folder(String name) {
    return create(root.resolve(name));
  }

  /** Makes a folder and those above it. */
  static Path create(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new Failure(
          ExitCode.LOCAL, e.getFile() + " is no folder: name another one with --data", e);
    } catch (IOException e) {
      throw new Failure(
          ExitCode.LOCAL,
          "cannot make the folder %s (%s): make it writable or name another one with --data"
              .formatted(folder, e.getClass().getSimpleName()),
          e);
    }
  }
}
