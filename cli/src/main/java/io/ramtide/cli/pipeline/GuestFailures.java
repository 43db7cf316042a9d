package io.ramtide.cli.pipeline;

import io.ramtide.acquirer.CaptureException;
import io.ramtide.acquirer.agent.AgentOutcome;
import io.ramtide.acquirer.agent.NoGuestException;
import io.ramtide.acquirer.libvirt.connection.HypervisorException;
import io.ramtide.acquirer.live.NoSpaceException;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;

/** Turns what keeps guests from being captured into a failure of the command. */
public final class GuestFailures {
  private GuestFailures() {}

  public static Failure of(Exception thrown) {
    if (thrown instanceof Failure failure) {
      return failure;
    }
    if (thrown instanceof CaptureException capture) {
      return CaptureFailures.of(capture);
    }
    return new Failure(code(thrown), Failure.reason(thrown), thrown);
  }

  private static ExitCode code(Exception thrown) {
    if (thrown instanceof HypervisorException || thrown instanceof NoGuestException) {
      return ExitCode.HYPERVISOR;
    }
    return thrown instanceof NoSpaceException ? ExitCode.LOCAL : ExitCode.UNREADABLE_INPUT;
  }

  /** Of a run that should have made captures and made none. */
  public static Failure ofNone(AgentOutcome outcome) {
    return outcome
        .lastFailure()
        .map(GuestFailures::of)
        .orElseGet(
            () ->
                new Failure(
                    ExitCode.UNREADABLE_INPUT,
                    "ended before it was captured: " + String.join(", ", outcome.unfinished())));
  }
}
