package io.ramtide.correlator.network;

import static io.ramtide.correlator.network.Sockets.micros;
import static io.ramtide.correlator.network.Sockets.noon;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.correlator.state.DomainState;
import io.ramtide.correlator.state.EndpointStore;
import io.ramtide.correlator.state.RuleState;
import io.ramtide.correlator.state.TrackedEndpoint;
import io.ramtide.correlator.state.TrackedProcess;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Captures of one domain, one after the other. */
final class Replay {
  static {
    // Copying a record needs the codecs' trust in its classes.
    new EndpointStore(null);
  }

  static final String DOMAIN = "0b5c1c1e-7d2f-4b60-9a51-3f0e5d2c7a11";

  private DomainState domain =
      DomainState.newBuilder().setLastCapture(0).setNextProcess(0).setNextEndpoint(0).build();
  private List<TrackedEndpoint> tracked = List.of();
  private final List<TrackedProcess> processes = new ArrayList<>();
  private final List<NetworkEvent> events = new ArrayList<>();
  private CoverageStatus coverage = CoverageStatus.complete;
  private ListStatus activeList = ListStatus.complete;
  private Consistency consistency = Consistency.POINT_IN_TIME;
  private String remark;
  private int dropped;
  private long unreadableFrames;

  Replay process(ProcessFinding.Builder process) {
    processes.removeIf(known -> known.number() == process.getPid());
    processes.add(new TrackedProcess(process.getPid(), 1, process.build(), null, Map.of()));
    return this;
  }

  Replay hiddenProcess(ProcessFinding.Builder process) {
    process(process.setSeenBy(List.of(View.poolScan)));
    TrackedProcess last = processes.remove(processes.size() - 1);
    processes.add(
        last.withRules(Map.of("process-not-in-active-list", new RuleState(1, true, null))));
    return this;
  }

  Replay withoutProcess(long pid) {
    processes.removeIf(known -> known.number() == pid);
    return this;
  }

  /** A listed process that was made long before the first capture. */
  static ProcessFinding.Builder evil() {
    return ProcessFinding.newBuilder()
        .setPid(Sockets.PID)
        .setImageName("evil.exe")
        .setImagePath("C:\\evil.exe")
        .setCreateTime(noon(-5000))
        .setObjectVa(Sockets.processVa(Sockets.PID))
        .setObjectGpa(0x3f00_0000L)
        .setSeenBy(List.of(View.activeList, View.poolScan));
  }

  /** For the captures to come; null: they were not asked for endpoints. */
  Replay coverage(CoverageStatus status) {
    coverage = status;
    return this;
  }

  /** What coverage says of endpoints. */
  Replay remark(String detail) {
    remark = detail;
    return this;
  }

  Replay dropped(int findings) {
    dropped = findings;
    return this;
  }

  Replay unreadableFrames(long frames) {
    unreadableFrames = frames;
    return this;
  }

  Replay activeList(ListStatus status) {
    activeList = status;
    return this;
  }

  Replay live() {
    consistency = Consistency.LIVE;
    return this;
  }

  /** What a capture tells, e.g. "connectionOpened 10.0.0.5:49800 203.0.113.7:443 ESTABLISHED". */
  List<String> capture(double seconds, EndpointFinding.Builder... endpoints) {
    return capture(seconds, Arrays.stream(endpoints).map(EndpointFinding.Builder::build).toList());
  }

  List<String> capture(double seconds, List<EndpointFinding> endpoints) {
    Capture capture = of(seconds, endpoints);
    NetworkTimeline.Difference difference = NetworkTimeline.of(domain, tracked, capture, processes);
    tracked = difference.endpoints();
    events.addAll(difference.events());
    domain =
        DomainState.newBuilder(domain)
            .setLastCapture(capture.number())
            .setLastDecoded(capture.moment())
            .setLastEndpoints(
                difference.conclusive() ? capture.moment() : domain.getLastEndpoints())
            .setNextEndpoint(difference.nextEndpoint())
            .build();
    return difference.events().stream().map(Replay::tell).toList();
  }

  private Capture of(double seconds, List<EndpointFinding> endpoints) {
    Summary summary =
        Summary.newBuilder()
            .setStatus(CaptureStatus.DECODED)
            .setFindings(endpoints.size())
            .setGuestTime(noon(seconds))
            .setStartedAt(micros(seconds))
            .setEndedAt(micros(seconds + 10))
            .setConsistency(consistency)
            .setActiveList(activeList)
            .setUnreadableFrames(unreadableFrames)
            .setCoverage(coverage(endpoints.size()))
            .build();
    return new Capture(
        DOMAIN,
        domain.getLastCapture() + 1,
        summary,
        null,
        List.of(),
        List.of(),
        endpoints,
        Map.of(FindingKind.endpoint, dropped));
  }

  private List<Coverage> coverage(int endpoints) {
    Coverage processes = new Coverage("processes", CoverageStatus.complete, 0, null);
    return coverage == null
        ? List.of(processes)
        : List.of(processes, new Coverage("endpoints", coverage, endpoints, remark));
  }

  private static String tell(NetworkEvent event) {
    String state = event.getState() == null ? "" : " " + event.getState();
    return event.getType()
        + " "
        + side(event.getLocalAddress(), event.getLocalPort())
        + (event.getRemotePort() == null
            ? ""
            : " " + side(event.getRemoteAddress(), event.getRemotePort()))
        + (event.getOldState() == null ? state : " " + event.getOldState() + " ->" + state);
  }

  private static String side(String address, int port) {
    return Objects.requireNonNullElse(address, "?") + ":" + port;
  }

  List<NetworkEvent> events() {
    return events;
  }

  NetworkEvent last() {
    return events.get(events.size() - 1);
  }

  List<TrackedEndpoint> tracked() {
    return tracked;
  }
}
