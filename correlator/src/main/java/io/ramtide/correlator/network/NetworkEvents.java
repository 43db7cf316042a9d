package io.ramtide.correlator.network;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.correlator.state.EndpointOwner;
import io.ramtide.correlator.state.Moment;
import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.Evidence;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.NetworkEventType;
import java.util.ArrayList;
import java.util.List;

/** The events that a capture brings. */
final class NetworkEvents {
  private final Capture capture;
  private final List<NetworkEvent> events = new ArrayList<>();

  NetworkEvents(Capture capture) {
    this.capture = capture;
  }

  List<NetworkEvent> inOrder() {
    return events.stream().sorted(NetworkOrder.OF_EVENTS).toList();
  }

  /**
   * @param time null if Windows does not tell it
   * @param since null: never seen without it
   */
  void opened(OwnedEndpoint endpoint, Long time, Moment since) {
    NetworkEventType type =
        Endpoints.isListening(endpoint.finding())
            ? NetworkEventType.listeningOpened
            : NetworkEventType.connectionOpened;
    events.add(
        event(type, endpoint, capture.number())
            .setTime(time)
            .setNotBefore(capture.timeOf(since))
            .build());
  }

  void stateChanged(OwnedEndpoint endpoint, String oldState, Moment since) {
    events.add(
        event(NetworkEventType.connectionStateChanged, endpoint, capture.number())
            .setOldState(oldState)
            .setNotBefore(capture.timeOf(since))
            .build());
  }

  /**
   * @param seenIn the last capture that has it
   */
  void closed(OwnedEndpoint endpoint, long seenIn, Moment since) {
    NetworkEventType type =
        Endpoints.isListening(endpoint.finding())
            ? NetworkEventType.listeningClosed
            : NetworkEventType.connectionClosed;
    events.add(
        event(type, endpoint, seenIn)
            .setNotBefore(later(capture.timeOf(since), endpoint.finding().getCreateTime()))
            .build());
  }

  /** Nothing closes before it opens; but a create time after the capture is none. */
  private Long later(Long since, Long made) {
    if (made == null || made > capture.time()) {
      return since;
    }
    return since == null || made > since ? made : since;
  }

  private NetworkEvent.Builder event(NetworkEventType type, OwnedEndpoint endpoint, long seenIn) {
    EndpointFinding finding = endpoint.finding();
    NetworkEvent.Builder event =
        NetworkEvent.newBuilder()
            .setDomain(capture.domain())
            .setCapture(capture.number())
            .setType(type)
            .setNotAfter(capture.time())
            .setProtocol(finding.getProtocol())
            .setIpVersion(finding.getIpVersion())
            .setLocalAddress(finding.getLocalAddress())
            .setLocalPort(finding.getLocalPort())
            .setRemoteAddress(finding.getRemoteAddress())
            .setRemotePort(finding.getRemotePort())
            .setState(finding.getState())
            .setDirection(endpoint.direction())
            .setPid(finding.getPid())
            .setProcessName(finding.getProcessName())
            .setOwner(endpoint.owner().status())
            .setCreateTime(finding.getCreateTime())
            .setEvidence(evidence(seenIn, finding));
    EndpointOwner process = endpoint.owner().process();
    if (process != null) {
      event
          .setPid(process.getPid())
          .setProcessName(process.getName() != null ? process.getName() : finding.getProcessName())
          .setProcessCreateTime(process.getCreateTime())
          .setProcessGpa(process.getObjectGpa())
          .setImagePath(process.getImagePath());
    }
    return event;
  }

  private static Evidence evidence(long seenIn, EndpointFinding finding) {
    long gpa = finding.getObjectGpa() == null ? 0 : finding.getObjectGpa();
    return new Evidence(seenIn, gpa, finding.getObjectVa(), finding.getSeenBy());
  }
}
