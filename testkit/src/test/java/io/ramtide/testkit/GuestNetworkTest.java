package io.ramtide.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramtide.testkit.truth.EndpointTruth;
import io.ramtide.testkit.truth.KernelModuleTruth;
import io.ramtide.testkit.windows.network.GuestNetwork;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The endpoints of every build's guest, read with nothing but paging and written-down offsets. */
@ParameterizedClass
@MethodSource("builds")
class GuestNetworkTest {

  private final NetworkOffsets at;
  private final SimulatedGuest guest;
  private final GuestNetwork network;

  GuestNetworkTest(int build) {
    at = NetworkOffsets.of(build);
    guest = SimulatedGuest.ofBuild(build, 5).boot();
    network = guest.network();
  }

  static List<Integer> builds() {
    return SimulatedGuest.builds();
  }

  @Test
  void endpoints_ofABootedGuest_areOfAllKinds() {
    List<EndpointTruth> endpoints = guest.truth().endpoints();

    assertThat(endpoints)
        .extracting(EndpointTruth::state)
        .contains(
            null,
            "LISTENING",
            "SYN_SENT",
            "SYN_RCVD",
            "ESTABLISHED",
            "FIN_WAIT1",
            "FIN_WAIT2",
            "CLOSE_WAIT",
            "CLOSING",
            "LAST_ACK",
            "TIME_WAIT",
            "CLOSED");
    assertThat(endpoints).extracting(EndpointTruth::ipVersion).contains(4, 6);
    assertThat(endpoints).filteredOn(EndpointTruth::dualStack).hasSizeGreaterThan(5);
    assertThat(endpoints).filteredOn(EndpointTruth::stale).hasSize(1);
    assertThat(endpoints)
        .filteredOn(endpoint -> endpoint.pid() == null)
        .allMatch(endpoint -> endpoint.state().equals("TIME_WAIT"))
        .hasSize(2);
    assertThat(endpoints)
        .filteredOn(endpoint -> endpoint.createTime() != 0)
        .allMatch(endpoint -> endpoint.createTime() <= guest.truth().guestTime());
  }

  @Test
  void structures_ofEndpoints_areTheTruth() {
    NaiveWalker kernel = kernel();
    for (EndpointTruth endpoint : guest.truth().endpoints()) {
      assertThat(kernel.translate(endpoint.objectVa())).isEqualTo(endpoint.objectGpa());
      assertThat(at.read(kernel, endpoint))
          .as(endpoint.toString())
          .isEqualTo(at.expected(endpoint));
    }
  }

  @Test
  void partitionTable_connections_areThoseOfTheTruth() {
    if (at.partitionTable() == 0) {
      assertThat(views("partitionTable")).isEmpty();
      return;
    }
    NaiveWalker kernel = kernel();
    Set<Long> first = new HashSet<>();
    Set<Long> second = new HashSet<>();
    int chained = at.connections(kernel, tcpip(), 8, 0x28, first);
    at.connections(kernel, tcpip(), 0x10, 0x40, second);

    assertThat(first).isEqualTo(views("partitionTable")).isEqualTo(second);
    assertThat(chained).as("longest chain").isGreaterThan(1);
  }

  @Test
  void portTables_endpoints_areThoseOfTheTruth() {
    if (at.partitionTable() == 0) {
      assertThat(views("portTable")).isEmpty();
      return;
    }
    NaiveWalker kernel = kernel();
    Set<Long> found =
        new HashSet<>(at.bound(kernel, tcpip(), at.tcpCompartments(), at.listenerNext()));
    found.addAll(at.bound(kernel, tcpip(), at.udpCompartments(), at.udpNext()));

    assertThat(found).isEqualTo(views("portTable"));
  }

  @Test
  void tcpip_image_namesItsSymbols() {
    byte[] rsds = guest.snapshot().read(kernel().translate(tcpip() + 0x1b0000 + 28), 34);

    assertThat(new String(rsds, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("RSDS");
    assertThat(new String(rsds, 24, 10, StandardCharsets.US_ASCII)).isEqualTo("tcpip.pdb\0");
  }

  @Test
  void rootkit_connection_isMissingInTheTable() {
    List<EndpointTruth> hidden = hidden(guest.truth());
    GroundTruth clean =
        SimulatedGuest.ofBuild(guest.truth().build(), 5).rootkit(false).boot().truth();

    assertThat(hidden).extracting(EndpointTruth::remotePort).contains(8443);
    assertThat(clean.endpoints()).extracting(EndpointTruth::remotePort).doesNotContain(8443);
    assertThat(hidden(clean).isEmpty()).isEqualTo(at.partitionTable() != 0);
  }

  private static List<EndpointTruth> hidden(GroundTruth truth) {
    return truth.endpoints().stream()
        .filter(endpoint -> "ESTABLISHED".equals(endpoint.state()) && !endpoint.stale())
        .filter(endpoint -> endpoint.seenBy().equals(List.of("poolScan")))
        .toList();
  }

  @Test
  void connection_throughItsLife_keepsItsId() {
    int shell = shell();
    guest.advance(Duration.ofSeconds(5));
    int id = network.connect(shell, "10.20.30.40", 50_001, "203.0.113.5", 443, "SYN_SENT");
    long opened = guest.truth().guestTime();
    EndpointTruth sent = endpoint(id);
    guest.advance(Duration.ofSeconds(1));
    network.setState(id, "ESTABLISHED");
    EndpointTruth established = endpoint(id);
    network.setState(id, "TIME_WAIT");
    EndpointTruth waiting = endpoint(id);
    network.close(id);

    assertThat(sent.createTime()).isEqualTo(opened);
    assertThat(established.state()).isEqualTo("ESTABLISHED");
    assertThat(established.objectVa()).isEqualTo(sent.objectVa());
    assertThat(waiting.pid()).isNull();
    assertThat(waiting.objectVa()).isNotEqualTo(sent.objectVa());
    assertThat(guest.truth().endpoints()).extracting(EndpointTruth::id).doesNotContain(id);
    structures_ofEndpoints_areTheTruth();
    partitionTable_connections_areThoseOfTheTruth();
  }

  @Test
  void free_endpoint_isStaleUntilItsBlockIsUsedAgain() {
    int shell = shell();
    int id = network.listen(shell, "TCP", "0.0.0.0", 4444);
    network.free(id);

    assertThat(endpoint(id).stale()).isTrue();
    assertThat(endpoint(id).seenBy()).containsExactly("poolScan");
    assertThatThrownBy(() -> network.close(id)).hasMessage("no open endpoint " + id);

    List<Integer> more = new ArrayList<>();
    for (int port = 5000; port < 5040; port++) {
      more.add(network.listen(shell, "TCP", "0.0.0.0", port));
    }
    more.forEach(network::free);
    for (int port = 6000; port < 6040; port++) {
      network.listen(shell, "TCP", "0.0.0.0", port);
    }

    assertThat(guest.truth().endpoints()).extracting(EndpointTruth::id).doesNotContain(id);
    structures_ofEndpoints_areTheTruth();
    portTables_endpoints_areThoseOfTheTruth();
  }

  @Test
  void exit_ofTheOwner_leavesWhatIsBeingClosed() {
    int shell = shell();
    int closed = network.connect(shell, "10.20.30.40", 50_001, "203.0.113.5", 443, "ESTABLISHED");
    int left = network.connect(shell, "10.20.30.40", 50_002, "203.0.113.5", 443, "FIN_WAIT2");
    int bound = network.listen(shell, "UDP", "::", 50_003);
    guest.exitStillLinked(shell);

    assertThat(guest.truth().endpoints())
        .extracting(EndpointTruth::id)
        .doesNotContain(closed, bound)
        .contains(left);
    assertThat(endpoint(left).pid()).isEqualTo(shell);
    guest.free(shell);
    assertThat(guest.truth().endpoints()).extracting(EndpointTruth::id).doesNotContain(left);
    portTables_endpoints_areThoseOfTheTruth();
  }

  @Test
  void hide_oneOfTwoOnAPort_leavesTheOther() {
    int shell = shell();
    int first = network.listen(shell, "UDP", "0.0.0.0", 7777);
    int second = network.listen(shell, "UDP", "::", 7777);
    network.hide(first);

    assertThat(endpoint(first).seenBy()).containsExactly("poolScan");
    assertThat(endpoint(second).seenBy().size()).isEqualTo(at.partitionTable() == 0 ? 1 : 2);
    portTables_endpoints_areThoseOfTheTruth();
  }

  @Test
  void bulk_thousands_areAllInRam() {
    int before = guest.truth().endpoints().size();
    List<Integer> ids = network.bulk(2000);

    assertThat(ids).hasSize(2000).doesNotHaveDuplicates();
    assertThat(guest.truth().endpoints()).hasSize(before + 2000);
    structures_ofEndpoints_areTheTruth();
    partitionTable_connections_areThoseOfTheTruth();
    portTables_endpoints_areThoseOfTheTruth();
  }

  @Test
  void arguments_wrong_areRefused() {
    assertThatThrownBy(() -> network.listen(3, "TCP", "::", 80)).hasMessage("no process 3 runs");
    assertThatThrownBy(() -> network.listen(4, "SCTP", "::", 80)).hasMessage("no protocol SCTP");
    assertThatThrownBy(() -> network.listen(4, "TCP", "host", 80))
        .hasMessage("not an IP address: host");
    assertThatThrownBy(() -> network.listen(4, "TCP", "::ffff:1.2.3.4", 80))
        .hasMessage("::ffff:1.2.3.4 is IPv4 in the form of IPv6");
    assertThatThrownBy(() -> network.listen(4, "TCP", "::", 0)).hasMessage("no port 0");
    assertThatThrownBy(() -> network.connect(4, "::1", 1, "127.0.0.1", 1, "CLOSED"))
        .hasMessage("no connection from ::1 to 127.0.0.1");
    assertThatThrownBy(() -> network.connect(4, "::1", 1, "::1", 1, "OPEN"))
        .hasMessage("there is no TCP state OPEN");
  }

  @Test
  void decoys_ofEveryKind_areMappedAndNot() {
    List<DecoyTruth> decoys = guest.truth().endpointDecoys();

    assertThat(decoys).hasSize(52);
    assertThat(decoys).extracting(DecoyTruth::gpa).doesNotHaveDuplicates();
    assertThat(SimulatedGuest.windows7(5).decoys(false).boot().truth().endpointDecoys()).isEmpty();
  }

  private int shell() {
    return guest.start("cmd.exe", guest.truth().active().get(9).pid());
  }

  private EndpointTruth endpoint(int id) {
    return guest.truth().endpoints().stream()
        .filter(endpoint -> endpoint.id() == id)
        .findFirst()
        .orElseThrow();
  }

  private Set<Long> views(String view) {
    Set<Long> found = new HashSet<>();
    for (EndpointTruth endpoint : guest.truth().endpoints()) {
      if (endpoint.seenBy().contains(view)) {
        found.add(endpoint.objectVa());
      }
    }
    return found;
  }

  private NaiveWalker kernel() {
    return new NaiveWalker(guest.snapshot(), guest.truth().directoryTableBase());
  }

  private long tcpip() {
    return guest.truth().kernelModules().stream()
        .filter(module -> module.name().equals("tcpip.sys"))
        .mapToLong(KernelModuleTruth::baseVa)
        .findFirst()
        .orElseThrow();
  }
}
