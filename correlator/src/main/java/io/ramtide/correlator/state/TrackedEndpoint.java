package io.ramtide.correlator.state;

import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.NetworkDirection;

/**
 * An endpoint the correlator follows from capture to capture.
 *
 * @param number of the endpoint among those of its domain, in the order they were first seen
 * @param capture that last changed the finding
 * @param finding what is known of it
 * @param lastSeen null while the last capture whose endpoints were read has it, else the last that
 *     had it
 * @param open false for a remnant: everything is told of it
 * @param owner null if it is none of the known processes
 */
public record TrackedEndpoint(
    long number,
    long capture,
    EndpointFinding finding,
    Moment lastSeen,
    boolean open,
    NetworkDirection direction,
    EndpointOwner owner) {

  public TrackedEndpoint unseenSince(Moment moment) {
    return new TrackedEndpoint(number, capture, finding, moment, open, direction, owner);
  }
}
