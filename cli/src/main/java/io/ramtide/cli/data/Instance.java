package io.ramtide.cli.data;

import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;

/**
 * The name of a running role, its own folder and the lock on it. A restart finds the same name, so
 * that the broker knows the role again at once.
 *
 * @param name unique among the instances of the role
 */
public record Instance(String name, Path folder, FolderLock lock) implements AutoCloseable {
  private static final String NAME_PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  private static final int MAX_ON_ONE_FOLDER = 64;

  /**
   * Claims an instance.
   *
   * @param wanted name from the user, or empty: this data folder's name, which is made up once and
   *     kept, with a number where several instances share the folder
   * @param folders the folder of an instance, by its name
   */
  public static Instance claim(
      DataFolder data, Optional<String> wanted, Function<String, Path> folders) {
    if (wanted.isPresent()) {
      String name = checked(wanted.get());
      return tryClaim(name, folders)
          .orElseThrow(
              () ->
                  new Failure(
                      ExitCode.LOCAL,
                      "%s is in use by another ramtide: give each its own --instance"
                          .formatted(folders.apply(name))));
    }
    String base = persistentName(data);
    for (int i = 1; i <= MAX_ON_ONE_FOLDER; i++) {
      Optional<Instance> claimed = tryClaim(i == 1 ? base : base + "-" + i, folders);
      if (claimed.isPresent()) {
        return claimed.get();
      }
    }
    throw new Failure(
        ExitCode.LOCAL,
        "%d instances already use %s: name another folder with --data"
            .formatted(MAX_ON_ONE_FOLDER, data.root()));
  }

  private static Optional<Instance> tryClaim(String name, Function<String, Path> folders) {
    Path folder = folders.apply(name);
    return FolderLock.tryLock(folder)
        .map(lock -> new Instance(name, DataFolder.create(folder.resolve("data")), lock));
  }

  private static String checked(String name) {
    if (!name.matches(NAME_PATTERN)) {
      throw new Failure(
          ExitCode.USAGE,
          "--instance %s: a name is at most 64 letters, digits, dots, hyphens and underscores"
              .formatted(name));
    }
    return name;
  }

  private static String persistentName(DataFolder data) {
    Path file = DataFolder.create(data.root()).resolve("instance");
    try {
      if (!Files.exists(file)) {
        write(file);
      }
      return checked(Files.readString(file).strip());
    } catch (IOException e) {
      throw new Failure(
          ExitCode.LOCAL,
          "cannot keep this instance's name in %s (%s): make the folder writable or use --instance"
              .formatted(file, Failure.reason(e)),
          e);
    }
  }

  /** Makes the file with its content at once; the first of several processes wins. */
  private static void write(Path file) throws IOException {
    byte[] random = new byte[6];
    new SecureRandom().nextBytes(random);
    Path draft = Files.createTempFile(file.getParent(), "instance", null);
    try {
      Files.writeString(draft, HexFormat.of().formatHex(random));
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      // Another process was first.
    } finally {
      Files.delete(draft);
    }
  }

  @Override
  public void close() {
    lock.close();
  }
}
