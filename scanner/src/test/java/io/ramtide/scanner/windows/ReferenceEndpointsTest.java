package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.View;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Network endpoints of the peer-confirmed images. */
class ReferenceEndpointsTest {
  @TempDir Path folder;

  private static String line(EndpointFinding found) {
    return "%s %d %s:%d %s:%d %s pid %s %s at 0x%x 0x%x%s"
        .formatted(
            found.getProtocol(),
            found.getIpVersion(),
            found.getLocalAddress(),
            found.getLocalPort(),
            found.getRemoteAddress(),
            found.getRemotePort(),
            found.getState(),
            found.getPid(),
            found.getCreateTime(),
            found.getObjectVa(),
            found.getObjectGpa(),
            found.getStale() ? " stale" : "");
  }

  private static String line(JsonNode truth) {
    String proto = truth.path("proto").asText();
    JsonNode port = truth.path("remote_port");
    return "%s %s %s:%d %s:%d %s pid %d %d at 0x%x 0x%x%s"
        .formatted(
            proto.substring(0, 3),
            proto.substring(4),
            truth.path("local_addr").asText(),
            truth.path("local_port").asInt(),
            truth.path("remote_addr").textValue(),
            port.isMissingNode() ? null : (Integer) port.asInt(),
            truth.path("state").textValue(),
            truth.path("pid").asLong(),
            truth.path("create_time").asLong(),
            ReferenceImage.number(truth.path("va")),
            truth.path("gpa").asLong(),
            truth.path("stale").asBoolean() ? " stale" : "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void endpoints_areThoseOfTheTruth_andNoDecoyIsOne(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.open(image, folder);
    List<String> expected = new ArrayList<>();
    reference.truth().path("network").forEach(endpoint -> expected.add(line(endpoint)));

    List<EndpointFinding> found = reference.findings(What.endpoints, EndpointFinding.class);

    assertThat(found.stream().map(ReferenceEndpointsTest::line))
        .hasSize(26)
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(found)
        .allMatch(endpoint -> endpoint.getSeenBy().equals(List.of(View.poolScan)))
        .allMatch(endpoint -> endpoint.getProcessName() != null)
        .allMatch(endpoint -> endpoint.getAddressStatus() == null)
        .allMatch(endpoint -> endpoint.getOwnerStatus() == null);
  }

  /** Volatility has a row for each IP version of a socket that takes both; ours is one object. */
  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void endpoints_areThoseVolatilitySees_butForItsRowsOfDualStackSockets(String image)
      throws IOException {
    ReferenceImage reference = ReferenceImage.open(image, folder);
    List<String> expected = new ArrayList<>();
    reference.volatility("netscan").forEach(row -> expected.add(volatility(row)));

    assertThat(rows(reference, image)).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void endpoints_areThoseVolatility2Sees_butForItsRowsOfDualStackSockets() throws IOException {
    String image = "win7sp1-reference";
    ReferenceImage reference = ReferenceImage.open(image, folder);
    List<String> expected = new ArrayList<>();
    for (JsonNode row : reference.json("peers/vol2.netscan.json").path("rows")) {
      String remote = row.path(3).asText();
      expected.add(
          "%x %s %s %s %s %d %s %s"
              .formatted(
                  row.path(0).asLong(),
                  row.path(1).asText(),
                  row.path(2).asText(),
                  remote.matches("\\*:\\*|.*:0") ? "" : remote,
                  row.path(4).asText(),
                  row.path(5).asLong(),
                  row.path(6).asText(),
                  Instant.parse(row.path(7).asText().replace(" UTC+0000", "Z").replace(' ', 'T'))));
    }

    assertThat(rows(reference, image)).containsExactlyInAnyOrderElementsOf(expected);
  }

  /** It begins at tcpip.sys's tables, which the images lack. */
  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void memProcFs_hasNoEndpointToCompareWith(String image) throws IOException {
    JsonNode network = ReferenceImage.open(image, folder).json("peers/memprocfs.json").path("net");

    assertThat(network.isArray()).isTrue();
    assertThat(network).isEmpty();
  }

  /** Our endpoints, with a row for each IP version of a socket that takes both. */
  private static List<String> rows(ReferenceImage reference, String image) {
    List<String> rows = new ArrayList<>();
    for (EndpointFinding endpoint : reference.findings(What.endpoints, EndpointFinding.class)) {
      String address = endpoint.getLocalAddress();
      rows.add(row(image, endpoint, endpoint.getIpVersion(), address));
      if (address.equals("::")) {
        rows.add(row(image, endpoint, 4, "0.0.0.0"));
      }
    }
    return rows;
  }

  private static String volatility(JsonNode row) {
    boolean hasRemote =
        row.path("ForeignPort").asInt() != 0 || !row.path("State").asText().matches("|LISTENING");
    return "%x %s %s:%d %s %s %d %s %s"
        .formatted(
            row.path("Offset").asLong(),
            row.path("Proto").asText(),
            row.path("LocalAddr").asText(),
            row.path("LocalPort").asInt(),
            hasRemote ? row.path("ForeignAddr").asText() + ":" + row.path("ForeignPort") : "",
            row.path("State").asText(),
            row.path("PID").asLong(),
            row.path("Owner").asText(),
            Instant.parse(row.path("Created").asText().replace("+00:00", "Z")));
  }

  private static String row(String image, EndpointFinding found, int version, String address) {
    return "%x %sv%d %s:%d %s %s %d %s %s"
        .formatted(
            ReferenceImage.offset(image, found.getObjectVa(), found.getObjectGpa()),
            found.getProtocol(),
            version,
            address,
            found.getLocalPort(),
            found.getRemotePort() == null
                ? ""
                : found.getRemoteAddress() + ":" + found.getRemotePort(),
            found.getState() == null ? "" : found.getState(),
            found.getPid(),
            found.getProcessName(),
            ReferenceImage.second(found.getCreateTime()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void tables_areNotModelled_andThatIsSaid(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.decoded(image, folder, What.endpoints);

    Coverage coverage = reference.analysis().coverage().get(0);

    assertThat(coverage.getStatus()).isEqualTo(CoverageStatus.complete);
    assertThat(coverage.getCount()).isEqualTo(26);
    assertThat(coverage.getDetail()).startsWith("partitionTable, portTable: ");
  }

  /** Its few pages hold pool blocks by chance only; what is found must belong to a process. */
  @Test
  void realPartialSnapshot_givesNoEndpointWithoutAProcess() throws IOException {
    ReferenceImage reference = ReferenceImage.open("win10-17763-partial", folder);

    assertThat(reference.findings(What.endpoints, EndpointFinding.class))
        .allMatch(endpoint -> endpoint.getPid() != null || endpoint.getOwnerStatus() != null);
  }
}
