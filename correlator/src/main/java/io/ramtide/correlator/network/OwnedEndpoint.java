package io.ramtide.correlator.network;

import io.ramtide.correlator.network.Owners.Owner;
import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.NetworkDirection;

/** What is known of an endpoint and does not stand in its own memory. */
record OwnedEndpoint(EndpointFinding finding, Owner owner, NetworkDirection direction) {

  OwnedEndpoint inState(String state) {
    return new OwnedEndpoint(
        EndpointFinding.newBuilder(finding).setState(state).build(), owner, direction);
  }
}
