package io.ramtide.cli.options;

import picocli.CommandLine.Option;

/** Help of a command that only has other commands. */
public final class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  @SuppressWarnings("UnusedVariable") // The parser reads it.
  private boolean help;
}
