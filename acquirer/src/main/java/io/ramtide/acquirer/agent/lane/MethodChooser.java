package io.ramtide.acquirer.agent.lane;

import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import java.io.IOException;
import java.util.Optional;

/** As {@link io.ramtide.acquirer.live.choice.Methods#choose}, or that of a test. */
@FunctionalInterface
public interface MethodChooser {
  CaptureMethod choose(LiveGuest guest, Optional<Method> wanted) throws IOException;
}
