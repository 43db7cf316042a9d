package io.ramtide.correlator;

import io.ramtide.correlator.capture.Boots;
import io.ramtide.correlator.capture.Capture;
import io.ramtide.correlator.state.Boot;
import io.ramtide.correlator.state.DomainState;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a closed capture brings: processes, registry and network side by side. */
final class Correlation {
  private final ProcessPart processes;
  private final RegistryPart registry;
  private final NetworkPart network;

  Correlation(ProcessPart processes, RegistryPart registry, NetworkPart network) {
    this.processes = processes;
    this.registry = registry;
    this.network = network;
  }

  /**
   * The processes and the network of a capture; the registry is compared as it is written.
   *
   * @param before the capture; of a guest that was rebooted since, nothing is known
   * @param boot null: not known
   */
  record Compared(
      DomainState before,
      CaptureOutput output,
      Boot boot,
      boolean rebooted,
      ProcessPart.Outcome p,
      NetworkPart.Outcome n) {}

  /** A function of the state before and the capture alone; writes nothing yet. */
  Compared compare(DomainState before, CaptureOutput output) {
    Boot boot = before.getBoot();
    boolean rebooted = false;
    if (output.capture().decoded()) {
      Boot now = Boots.of(output.capture());
      rebooted = Boots.differ(boot, now);
      boot = rebooted ? now : Boots.merge(boot, now);
    }
    DomainState known = rebooted ? forgotten(before) : before;
    ProcessPart.Outcome p = processes.compare(known, output);
    NetworkPart.Outcome n = network.compare(known, output, p.after());
    return new Compared(known, output, boot, rebooted, p, n);
  }

  /** No capture to compare with; numbers go on, so that none is given twice. */
  private static DomainState forgotten(DomainState before) {
    return DomainState.newBuilder()
        .setLastCapture(before.getLastCapture())
        .setNextProcess(before.getNextProcess())
        .setNextEndpoint(before.getNextEndpoint())
        .build();
  }

  /** Writes all that a capture brings but the domain's state, which is the answer. */
  DomainState write(Compared compared) {
    DomainState before = compared.before();
    CaptureOutput output = compared.output();
    Capture capture = output.capture();
    processes.write(capture.domain(), compared.p());
    network.write(capture.domain(), compared.n());
    output.flush();
    RegistryPart.Outcome r = registry.correlate(before, output);
    output.close(captureEvent(compared, r));
    return DomainState.newBuilder()
        .setLastCapture(capture.number())
        .setLastDecoded(capture.decoded() ? capture.moment() : before.getLastDecoded())
        .setLastConclusive(capture.conclusive() ? capture.moment() : before.getLastConclusive())
        .setLastHives(r.conclusive() ? capture.moment() : before.getLastHives())
        .setLastEndpoints(compared.n().conclusive() ? capture.moment() : before.getLastEndpoints())
        .setBoot(compared.boot())
        .setNextProcess(compared.p().nextProcess())
        .setNextEndpoint(compared.n().nextEndpoint())
        .build();
  }

  private static CaptureEvent captureEvent(Compared compared, RegistryPart.Outcome r) {
    Capture capture = compared.output().capture();
    Summary summary = capture.summary();
    return CaptureEvent.newBuilder()
        .setDomain(capture.domain())
        .setCapture(capture.number())
        .setStatus(summary.getStatus())
        .setDetail(detail(capture, r))
        .setTime(capture.time())
        .setProcesses(capture.processes().size())
        .setEvents(compared.p().events().size())
        .setAnomalies(compared.p().anomalies().size())
        .setActiveList(summary.getActiveList())
        .setActiveListDetail(summary.getActiveListDetail())
        .setUnreadableFrames(summary.getUnreadableFrames())
        .setRegistryEvents(r.events())
        .setNetworkEvents(compared.n().events().size())
        .setHives(capture.hives().size())
        .setKeys(r.keys())
        .setEndpoints(capture.endpoints().size())
        .setBootTime(capture.decoded() ? compared.boot().getTime() : null)
        .setRebooted(compared.rebooted())
        .build();
  }

  private static String detail(Capture capture, RegistryPart.Outcome r) {
    List<String> notes = new ArrayList<>();
    Stream.ofNullable(capture.summary().getDetail()).forEach(notes::add);
    ProcessPart.note(capture).ifPresent(notes::add);
    notes.addAll(r.notes());
    NetworkPart.note(capture).ifPresent(notes::add);
    return notes.isEmpty() ? null : notes.stream().collect(Collectors.joining("; "));
  }
}
