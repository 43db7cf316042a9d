package io.ramtide.cli.options;

import io.ramtide.cli.data.DataFolder;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where ramtide keeps its data. */
public final class DataOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder for what survives a run: the embedded broker's data, the signing key, caches,"
              + " state (default: $XDG_DATA_HOME/ramtide or ~/.local/share/ramtide).")
  private Path data;

  boolean isGiven() {
    return data != null;
  }

  public DataFolder folder() {
    return new DataFolder((data == null ? DataFolder.standard() : data).toAbsolutePath());
  }
}
