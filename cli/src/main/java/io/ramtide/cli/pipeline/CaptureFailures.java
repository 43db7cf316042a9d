package io.ramtide.cli.pipeline;

import io.ramtide.acquirer.CaptureException;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;

/** Turns a capture that was not made into a failure of the command. */
public final class CaptureFailures {
  private CaptureFailures() {}

  public static Failure of(CaptureException e) {
    ExitCode code =
        switch (e.origin()) {
          case BROKER -> ExitCode.BROKER;
          case SOURCE -> ExitCode.UNREADABLE_INPUT;
          case CONFIGURATION -> ExitCode.LOCAL;
        };
    return new Failure(code, Failure.reason(e), e);
  }
}
