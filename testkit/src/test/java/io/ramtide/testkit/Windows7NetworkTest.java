package io.ramtide.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.testkit.truth.EndpointTruth;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The endpoints of the kernels of 7601 that {@link GuestNetworkTest} leaves out. */
class Windows7NetworkTest {

  static List<SimulatedGuest.Builder> kernels() {
    return List.of(SimulatedGuest.windows7Rtm(5), SimulatedGuest.windows7Mid(5));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void structures_ofEndpoints_areTheTruth(SimulatedGuest.Builder kernel) {
    SimulatedGuest guest = kernel.boot();
    NaiveWalker walker = new NaiveWalker(guest.snapshot(), guest.truth().directoryTableBase());
    NetworkOffsets at = NetworkOffsets.of(7601);

    assertThat(guest.truth().endpoints()).hasSizeGreaterThan(40);
    for (EndpointTruth endpoint : guest.truth().endpoints()) {
      assertThat(at.read(walker, endpoint)).isEqualTo(at.expected(endpoint));
    }
  }
}
