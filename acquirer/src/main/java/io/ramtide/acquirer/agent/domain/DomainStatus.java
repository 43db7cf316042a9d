package io.ramtide.acquirer.agent.domain;

import io.ramtide.schemas.AgentDomain;
import io.ramtide.schemas.Manifest;
import java.util.Optional;

/**
 * How it goes with a domain.
 *
 * @param record for the heartbeat
 * @param skipped captures that were not made because the one before was late
 * @param sentFrames pages carried by all its captures
 */
public record DomainStatus(AgentDomain record, long skipped, long sentFrames, Optional<Manifest> last) {}
