package io.ramtide.cli.options;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The name of a running role. */
public final class InstanceOption {
  @Option(
      names = "--instance",
      paramLabel = "NAME",
      description =
          "Name of this instance, unique in its role and the same after a restart (default: made"
              + " once and kept in the --data folder).")
  private String name;

  public Optional<String> name() {
    return Optional.ofNullable(name);
  }
}
