package io.ramtide.cli.render.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.cli.Output;
import io.ramtide.cli.render.Text;
import io.ramtide.cli.render.timeline.TimelineFilter.Timeline;
import io.ramtide.schemas.AvroSafety;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.Evidence;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.NetworkEventType;
import io.ramtide.schemas.OwnerStatus;
import io.ramtide.schemas.RegistryEvent;
import io.ramtide.schemas.RegistryEventType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TimelineTextTest {
  private static final long TIME = 134_117_966_451_234_567L;

  @BeforeAll
  static void trustTheRecords() {
    AvroSafety.apply();
  }

  private final Output output = new Output();
  private final TimelineText text = new TimelineText(output.terminal(false), false);

  private static ByteBuffer utf16(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_16LE));
  }

  private static RegistryEvent.Builder registry(RegistryEventType type) {
    return RegistryEvent.newBuilder()
        .setDomain("d")
        .setCapture(6)
        .setType(type)
        .setTime(TIME)
        .setNotAfter(TIME)
        .setHive("\\REGISTRY\\MACHINE\\SOFTWARE")
        .setKey("Run")
        .setEvidence(new Evidence(6L, 0L, null, List.of()));
  }

  private static NetworkEvent.Builder network(NetworkEventType type) {
    return NetworkEvent.newBuilder()
        .setDomain("d")
        .setCapture(6)
        .setType(type)
        .setNotBefore(TIME)
        .setNotAfter(TIME)
        .setProtocol("TCP")
        .setIpVersion(4)
        .setLocalAddress("192.168.1.20")
        .setLocalPort(49210)
        .setRemoteAddress("203.0.113.7")
        .setRemotePort(443)
        .setState("ESTABLISHED")
        .setPid(1234L)
        .setProcessName("updchk.exe")
        .setOwner(OwnerStatus.running)
        .setEvidence(new Evidence(6L, 0L, null, List.of()));
  }

  private String last() {
    return output.lines().get(output.lines().size() - 1);
  }

  @Test
  void valueSet_showsNewAndOldData() {
    text.registry(
        registry(RegistryEventType.valueSet)
            .setValueName("updchk")
            .setValueType("REG_SZ")
            .setData(utf16("C:\\new\0"))
            .setOldValueType("REG_DWORD")
            .setOldData(ByteBuffer.wrap(new byte[] {7, 0, 0, 0}))
            .build());
    assertThat(last())
        .isEqualTo(
            "      6  2026-01-02 03:04:05.123    registry     value set  "
                + "HKLM\\SOFTWARE\\Run\\updchk = \"C:\\new\"  (was 7 (0x7))");
  }

  @Test
  void newValue_wasNothing_andUnreadableDataSaysSo() {
    text.registry(
        registry(RegistryEventType.valueSet).setValueName("").setValueType("REG_SZ").build());
    assertThat(last()).endsWith("HKLM\\SOFTWARE\\Run\\(default) = (not readable)");
  }

  @Test
  void otherRegistryChanges_areNamed() {
    text.registry(registry(RegistryEventType.keyCreated).build());
    assertThat(last()).endsWith("registry     key created  HKLM\\SOFTWARE\\Run");
    text.registry(registry(RegistryEventType.keyDeleted).build());
    assertThat(last()).endsWith("key deleted  HKLM\\SOFTWARE\\Run");
    text.registry(
        registry(RegistryEventType.valueDeleted)
            .setValueName("x")
            .setOldValueType("REG_SZ")
            .setOldData(utf16("y"))
            .build());
    assertThat(last()).endsWith("value deleted  HKLM\\SOFTWARE\\Run\\x  (was \"y\")");
    text.registry(
        registry(RegistryEventType.hiveLoaded).setKey(null).setFileName("\\??\\C:\\h.dat").build());
    assertThat(last()).endsWith("hive loaded  HKLM\\SOFTWARE  (\\??\\C:\\h.dat)");
  }

  @Test
  void connection_namesItsProcess_andSaysWhenThatHides() {
    text.network(network(NetworkEventType.connectionOpened).build());
    assertThat(last())
        .isEqualTo(
            "      6  ~ 2026-01-02 03:04:05      network      connection opened  updchk.exe (1234)"
                + "  TCPv4 192.168.1.20:49210 -> 203.0.113.7:443  ESTABLISHED");
    text.network(
        network(NetworkEventType.connectionStateChanged)
            .setState("CLOSE_WAIT")
            .setOldState("ESTABLISHED")
            .setOwner(OwnerStatus.hidden)
            .build());
    assertThat(last()).endsWith("  CLOSE_WAIT (was ESTABLISHED)  [owner hidden]");
    text.network(network(NetworkEventType.connectionClosed).setOwner(OwnerStatus.gone).build());
    assertThat(last()).endsWith("  [owner gone]");
  }

  @Test
  void listener_hasNoRemoteEnd() {
    text.network(
        network(NetworkEventType.listeningOpened)
            .setIpVersion(6)
            .setLocalAddress("::")
            .setRemoteAddress(null)
            .setRemotePort(null)
            .setState("LISTENING")
            .setPid(null)
            .setProcessName(null)
            .build());
    assertThat(last()).endsWith("listening opened  (no process)  TCPv6 [::]:49210");
  }

  @Test
  void hostileTexts_reachNoTerminal() {
    String evil = "\u001b[2J\n\u202ex";
    text.registry(
        registry(RegistryEventType.valueSet)
            .setHive(evil)
            .setKey(evil)
            .setValueName(evil)
            .setValueType("REG_SZ")
            .setData(utf16(evil))
            .build());
    text.network(
        network(NetworkEventType.connectionOpened)
            .setProcessName(evil)
            .setProtocol(evil)
            .setState(evil)
            .setRemoteAddress(evil)
            .build());
    assertThat(output.lines()).hasSize(3);
    assertThat(output.out().chars().filter(c -> (c < ' ' && c != '\n') || c >= 0x7f)).isEmpty();
  }

  @Test
  void captureLine_countsChangesOfAllTimelines() {
    text.capture(capture());
    assertThat(last())
        .endsWith(
            "-- capture of 26 processes, 300 registry keys, 31 endpoints: 7 changes, 1 anomaly");
  }

  @Test
  void filter_printsTheWantedTimelines_andEveryCapture() {
    TimelineFilter filter = new TimelineFilter(text, Set.of(Timeline.registry));
    filter.network(network(NetworkEventType.connectionOpened).build());
    filter.registry(registry(RegistryEventType.keyCreated).build());
    filter.capture(capture());
    assertThat(output.lines()).hasSize(3);
    assertThat(output.lines().get(1)).contains("registry");
    assertThat(output.lines().get(2)).contains("-- capture");
  }

  @Test
  void boot_isSaidBelowTheCapture() {
    text.capture(CaptureEvent.newBuilder(capture()).setRebooted(true).setBootTime(TIME).build());
    assertThat(output.lines()).hasSize(3);
    assertThat(output.lines().get(2))
        .contains("the guest was rebooted at " + Text.time(TIME))
        .endsWith("nothing is compared with what was before");
  }

  private static CaptureEvent capture() {
    return CaptureEvent.newBuilder()
        .setDomain("d")
        .setCapture(6)
        .setStatus(CaptureStatus.DECODED)
        .setTime(TIME)
        .setProcesses(26)
        .setEvents(1)
        .setRegistryEvents(2)
        .setNetworkEvents(4)
        .setKeys(300)
        .setEndpoints(31)
        .setAnomalies(1)
        .setActiveList(ListStatus.complete)
        .setUnreadableFrames(0)
        .build();
  }
}
