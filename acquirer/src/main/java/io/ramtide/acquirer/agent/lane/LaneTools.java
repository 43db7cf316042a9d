package io.ramtide.acquirer.agent.lane;

import io.ramtide.acquirer.agent.budget.Budget;
import io.ramtide.acquirer.live.Method;
import java.util.Optional;

/**
 * What every lane works with.
 *
 * @param wanted method, if the user named one
 */
public record LaneTools(
    Capturer.Factory capturers,
    MethodChooser methods,
    Optional<Method> wanted,
    Budget budget,
    Stop stop,
    LaneReporter reporter) {}
