package io.ramtide.scanner.windows;

import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.SystemFinding;
import java.util.List;
import java.util.Optional;

/**
 * What one physical memory shows.
 *
 * @param detail why, when the status is not DECODED; what was left out, when it is and there was
 *     too much of something
 * @param processes by PID, then by object address
 * @param activeListDetail where and why the walk of the active list stopped, when not complete
 * @param coverage kind by kind, of what was asked for
 */
public record Analysis(
    CaptureStatus status,
    Optional<String> detail,
    Optional<SystemFinding> system,
    List<ProcessFinding> processes,
    ListStatus activeList,
    Optional<String> activeListDetail,
    List<Coverage> coverage) {
  public Analysis {
    processes = List.copyOf(processes);
    coverage = List.copyOf(coverage);
  }
}
