package io.ramtide.cli.command;

import io.ramtide.cli.options.GlobalOptions;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a completion script. */
@Command(
    name = "completion",
    header = "Print a shell completion script.",
    footerHeading = "%nExamples:%n",
    footer = {"  source <(ramtide completion bash)"})
final class CompletionCommand implements Runnable {
  @Mixin private GlobalOptions global;
  @Spec private CommandSpec command;

  @Parameters(
      paramLabel = "SHELL",
      arity = "0..1",
      defaultValue = "bash",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("UnusedVariable") // The parser checks it.
  private Shell shell;

  /** Shells that the script is for; it is the same for both. */
  enum Shell {
    bash,
    zsh
  }

  @Override
  public void run() {
    String script = AutoComplete.bash("ramtide", command.root().commandLine());
    global.terminal().out().print(script);
  }
}
