package io.ramtide.cli.options;

import io.ramtide.scanner.windows.guest.KeyGlobs;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which registry keys are wanted. */
public final class KeyOption {
  @Option(
      names = "--key",
      paramLabel = "GLOB",
      description =
          "Show only these registry keys, e.g. 'HKLM\\SOFTWARE\\**\\Run' (case does not matter; *"
              + " and ? within a name, ** for any number of keys; HKCU: every user's); may be given"
              + " several times. Implies --what registry.")
  private List<String> globs = new ArrayList<>();

  public boolean isGiven() {
    return !globs.isEmpty();
  }

  /** The keys; all, if none was named. */
  public KeyGlobs keys() {
    return isGiven() ? Globs.of("--key", globs) : KeyGlobs.ALL;
  }
}
