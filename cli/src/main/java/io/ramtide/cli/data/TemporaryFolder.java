package io.ramtide.cli.data;

import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A data folder that is gone with the command. */
public record TemporaryFolder(DataFolder data) implements AutoCloseable {

  public static TemporaryFolder create(String prefix) {
    try {
      return new TemporaryFolder(new DataFolder(Files.createTempDirectory(prefix)));
    } catch (IOException e) {
      throw new Failure(
          ExitCode.LOCAL,
          "cannot make a temporary folder (%s): name a folder with --data"
              .formatted(Failure.reason(e)),
          e);
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(data.root())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
