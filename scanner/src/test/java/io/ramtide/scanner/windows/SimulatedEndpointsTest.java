package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.View;
import io.ramtide.testkit.truth.EndpointTruth;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Network endpoints of every build, by every view. */
class SimulatedEndpointsTest {
  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void everyEndpoint_isTheTruth_andNoDecoyIsOne(String build) {
    SimulatedCase guest = SimulatedCase.of(build);

    assertThat(guest.found(EndpointFinding.class).map(SimulatedEndpointsTest::row))
        .hasSizeGreaterThan(30)
        .containsExactlyInAnyOrderElementsOf(
            guest.truth().endpoints().stream().map(SimulatedEndpointsTest::row).toList());
  }

  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void coverage_isComplete_andTellsWhichTablesCannotBeUsed(String build) {
    SimulatedCase guest = SimulatedCase.of(build);
    boolean hasTables =
        guest.truth().endpoints().stream()
            .anyMatch(endpoint -> endpoint.seenBy().contains(View.portTable.name()));

    assertThat(guest.coverage(What.endpoints).getStatus()).isEqualTo(CoverageStatus.complete);
    if (hasTables) {
      assertThat(guest.coverage(What.endpoints).getDetail()).isNull();
    } else {
      assertThat(guest.coverage(What.endpoints).getDetail())
          .matches(
              "partitionTable, portTable: tcpip.sys names the PDB tcpip.pdb (\\S+), which is in no"
                  + " table; import its table: ramtide symbols import tcpip.pdb/\\1.json.xz");
    }
  }

  private static String row(EndpointTruth endpoint) {
    return row(
        endpoint.protocol(),
        endpoint.ipVersion(),
        endpoint.localAddress() + ":" + endpoint.localPort(),
        endpoint.remoteAddress() + ":" + endpoint.remotePort(),
        endpoint.state(),
        endpoint.pid() + " " + endpoint.processName() + " " + endpoint.ownerVa(),
        endpoint.createTime(),
        endpoint.stale(),
        endpoint.seenBy(),
        endpoint.objectVa(),
        endpoint.objectGpa());
  }

  private static String row(EndpointFinding endpoint) {
    return row(
        endpoint.getProtocol(),
        endpoint.getIpVersion(),
        endpoint.getLocalAddress() + ":" + endpoint.getLocalPort(),
        endpoint.getRemoteAddress() + ":" + endpoint.getRemotePort(),
        endpoint.getState(),
        "%s %s %d"
            .formatted(
                endpoint.getPid(),
                endpoint.getProcessName(),
                Objects.requireNonNullElse(endpoint.getOwnerVa(), 0L)),
        Objects.requireNonNullElse(endpoint.getCreateTime(), 0L),
        endpoint.getStale(),
        endpoint.getSeenBy().stream().map(View::name).toList(),
        endpoint.getObjectVa(),
        endpoint.getObjectGpa());
  }

  private static String row(
      String protocol,
      int version,
      String local,
      String remote,
      String state,
      String owner,
      long created,
      boolean stale,
      List<String> seenBy,
      long va,
      long gpa) {
    return "%s%d %s %s %s by %s at %d stale %b %s 0x%x 0x%x"
        .formatted(protocol, version, local, remote, state, owner, created, stale, seenBy, va, gpa);
  }
}
