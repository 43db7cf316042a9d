package io.ramtide.cli.live;

import io.ramtide.acquirer.CaptureException;
import io.ramtide.acquirer.libvirt.connection.HypervisorException;
import io.ramtide.cli.pipeline.CaptureFailures;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;

/** Turns what keeps guests from being captured into a failure of the command. */
final class LiveFailures {
  private LiveFailures() {}

  static Failure of(Exception thrown) {
    if (thrown instanceof Failure failure) {
      return failure;
    }
    if (thrown instanceof CaptureException capture) {
      return CaptureFailures.of(capture);
    }
    ExitCode code =
        thrown instanceof HypervisorException ? ExitCode.HYPERVISOR : ExitCode.UNREADABLE_INPUT;
    return new Failure(code, Failure.reason(thrown), thrown);
  }
}
