package io.ramtide.cli.options;

import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is acquired: dump files, or running guests. */
public final class AcquireOptions {
  @Mixin private GuestOptions guests;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description =
          "Memory dumps, told by their content. Several are successive captures of one domain. A"
              + " folder stands for its files, by name.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--domain",
      paramLabel = "UUID|GLOB",
      description =
          "With --uri: only guests with this UUID or a name like this (* and ? as in file names);"
              + " several times if you like (default: all). With files: the virtual machine's UUID"
              + " (default: derived from the first dump's content).")
  private List<String> domains = new ArrayList<>();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "With files: the virtual machine's name, for the manifests.")
  private String name;

  @Option(
      names = "--keyframe-interval",
      paramLabel = "N",
      defaultValue = "" + AcquirerOptions.DEFAULT_KEYFRAME_INTERVAL,
      description =
          "Every how many captures of a domain one is complete, or with rolling keyframes: any so"
              + " many in a row give all of RAM (default: ${DEFAULT-VALUE}).")
  private int keyframeInterval;

  /** Whether running guests are meant; checks that options do not contradict each other. */
  public boolean isLive() {
    if (guests.isGiven()) {
      if (!files.isEmpty()) {
        throw usage("--uri captures running guests, %s is a file: give one or the other"
            .formatted(files.get(0)));
      }
      if (name != null) {
        throw usage("--name names what files are of; a guest has its own name");
      }
      return true;
    }
    if (files.isEmpty()) {
      throw usage("which dump FILE, or which --uri of running guests?");
    }
    guests
        .first()
        .ifPresent(
            option -> {
              throw usage(option + " is for running guests: give --uri too");
            });
    return false;
  }

  public GuestOptions guests() {
    return guests;
  }

  /** UUIDs or globs of names. */
  public List<String> domainGlobs() {
    return List.copyOf(domains);
  }

  /** Of the files. */
  public Optional<UUID> domainOfFiles() {
    if (domains.size() > 1) {
      throw usage("files belong to one --domain, not to %d".formatted(domains.size()));
    }
    try {
      return domains.stream().findFirst().map(UUID::fromString);
    } catch (IllegalArgumentException e) {
      throw usage("--domain %s: files need a UUID".formatted(domains.get(0)));
    }
  }

  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  public int keyframeInterval() {
    if (keyframeInterval < 1) {
      throw usage("--keyframe-interval %d: must be 1 or more".formatted(keyframeInterval));
    }
    return keyframeInterval;
  }

  /** The files in order, folders replaced by what is in them. */
  public List<Path> files() {
    return DumpOptions.withFolders(files);
  }

  private static Failure usage(String message) {
    return new Failure(ExitCode.USAGE, message);
  }
}
