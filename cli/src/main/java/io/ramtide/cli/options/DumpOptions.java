package io.ramtide.cli.options;

import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Dumps to capture and the domain they belong to. */
public final class DumpOptions {
  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Memory dumps: raw, ELF core (virsh dump --memory-only) or LiME, told by their content."
              + " Several are successive captures of one domain. A folder stands for its files, by"
              + " name.")
  private List<Path> files;

  @Option(
      names = "--domain",
      paramLabel = "UUID",
      description = "The virtual machine's UUID (default: derived from the first dump's content).")
  private UUID domain;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The virtual machine's name, for the manifests.")
  private String name;

  @Option(
      names = "--keyframe-interval",
      paramLabel = "N",
      defaultValue = "" + AcquirerOptions.DEFAULT_KEYFRAME_INTERVAL,
      description =
          "Every how many captures of a domain one is complete; those between carry only what"
              + " changed (default: ${DEFAULT-VALUE}).")
  private int keyframeInterval;

  public Optional<UUID> domain() {
    return Optional.ofNullable(domain);
  }

  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  public int keyframeInterval() {
    if (keyframeInterval < 1) {
      throw new Failure(
          ExitCode.USAGE, "--keyframe-interval %d: must be 1 or more".formatted(keyframeInterval));
    }
    return keyframeInterval;
  }

  /** The files in order, folders replaced by what is in them. */
  public List<Path> files() {
    return withFolders(files);
  }

  static List<Path> withFolders(List<Path> files) {
    List<Path> all = new ArrayList<>();
    for (Path file : files) {
      if (Files.isDirectory(file)) {
        all.addAll(filesIn(file));
      } else {
        all.add(file);
      }
    }
    return all;
  }

  private static List<Path> filesIn(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> found = entries.filter(Files::isRegularFile).sorted().toList();
      if (found.isEmpty()) {
        throw new Failure(
            ExitCode.UNREADABLE_INPUT,
            "%s: a folder without files: put memory dumps into it".formatted(folder));
      }
      return found;
    } catch (IOException e) {
      throw new Failure(
          ExitCode.UNREADABLE_INPUT,
          "%s cannot be listed (%s): check its rights"
              .formatted(folder, e.getClass().getSimpleName()),
          e);
    }
  }
}
