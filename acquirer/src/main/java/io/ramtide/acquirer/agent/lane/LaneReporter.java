package io.ramtide.acquirer.agent.lane;

import io.ramtide.acquirer.agent.domain.Domain;
import io.ramtide.acquirer.agent.domain.Turn;
import io.ramtide.acquirer.live.Method;
import io.ramtide.schemas.Manifest;

/** Hears how captures went, on the lanes' threads. */
public interface LaneReporter {
  void captured(Domain domain, Turn turn, Method method, Manifest manifest);

  void failed(Domain domain, Turn turn, Exception reason);

  /** A lane cannot go on: a defect, or no memory. */
  void died(Throwable why);
}
