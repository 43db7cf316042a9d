package io.ramtide.acquirer.agent.domain;

import io.ramtide.acquirer.CaptureOrder;
import io.ramtide.acquirer.live.LiveGuest;
import java.util.List;

/**
 * One capture of a domain, as it begins.
 *
 * @param standsStill whether somebody else than the agent paused the guest
 * @param asked the commands that it answers
 */
public record Turn(LiveGuest guest, boolean standsStill, CaptureOrder order, List<Ask> asked) {}
