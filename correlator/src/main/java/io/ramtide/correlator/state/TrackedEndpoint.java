package io.ramtide.correlator.state;

import io.ramtide.schemas.EndpointFinding;

/**
 * A network endpoint the correlator follows from capture to capture.
 *
 * @param number of the endpoint among those of its domain, in the order they were first seen
 * @param capture that last changed the finding
 * @param finding what is known of it
 * @param lastSeen null while the last decoded capture has it, else the last capture that had it
 */
public record TrackedEndpoint(
    long number, long capture, EndpointFinding finding, Moment lastSeen) {}
