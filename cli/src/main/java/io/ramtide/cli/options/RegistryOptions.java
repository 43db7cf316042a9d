package io.ramtide.cli.options;

import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.scanner.windows.guest.KeyGlobs;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.registry.WatchList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import picocli.CommandLine.Option;

/** How much of the registry a scanner reads. */
public final class RegistryOptions {
  private static final char COMMENT = '#';

  @Option(
      names = "--registry",
      paramLabel = "HOW",
      defaultValue = "all",
      description =
          "${COMPLETION-CANDIDATES}: tell every key once and then what changed, or only the watched"
              + " keys (default: ${DEFAULT-VALUE}).")
  private How how;

  @Option(
      names = "--watch",
      paramLabel = "GLOB",
      description =
          "Watch these registry keys too: they are read in every capture, whatever changed; e.g."
              + " 'HKLM\\SOFTWARE\\Acme\\**'; may be given several times.")
  private List<String> globs = new ArrayList<>();

  @Option(
      names = "--watch-file",
      paramLabel = "FILE",
      description =
          "Watch the registry keys of this file instead of those that ship: a GLOB a line, # begins"
              + " a comment.")
  private Path file;

  /** Which keys. */
  enum How {
    all,
    watched
  }

  /** What is asked of every capture. */
  public Request request(Set<What> kinds) {
    KeyGlobs watched = watched();
    return new Request(
        kinds, how == How.all ? KeyGlobs.ALL : watched, watched, OptionalLong.empty());
  }

  /** What is asked where nobody says otherwise. */
  public static Request standard() {
    return new Request(What.all(), KeyGlobs.ALL, WatchList.defaults(), OptionalLong.empty());
  }

  private KeyGlobs watched() {
    List<String> all = file == null ? WatchList.patterns() : lines(file);
    if (file != null) {
      Globs.of("--watch-file " + file, all);
    }
    Globs.of("--watch", globs);
    all.addAll(globs);
    return KeyGlobs.of(all);
  }

  private static List<String> lines(Path file) {
    try {
      List<String> lines = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        String glob = line.strip();
        if (!glob.isEmpty() && glob.charAt(0) != COMMENT) {
          lines.add(glob);
        }
      }
      return lines;
    } catch (IOException e) {
      throw new Failure(
          ExitCode.USAGE,
          "--watch-file %s cannot be read (%s): it must be a text file of UTF-8, a GLOB a line"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
  }
}
