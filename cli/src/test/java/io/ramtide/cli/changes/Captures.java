package io.ramtide.cli.changes;

import io.ramtide.correlator.CorrelatorDriver;
import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.windows.Analysis;
import io.ramtide.scanner.windows.WindowsAnalyzer;
import io.ramtide.scanner.windows.guest.KeyGlobs;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.registry.WatchList;
import io.ramtide.scanner.worker.limits.KeyLimits;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.FileTime;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.RegistryEvent;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.SystemFinding;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import io.ramtide.testkit.ram.GuestRam;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;

/** Captures of one guest through scanner and correlator, as the roles would, without a broker. */
final class Captures implements AutoCloseable {
  private static final Set<What> KINDS =
      Set.of(What.processes, What.hives, What.registry, What.endpoints);

  private final CorrelatorDriver correlator;
  private final SnapshotMemory memory = new SnapshotMemory();
  private final boolean restarts;
  private final Consistency consistency;
  private WindowsAnalyzer analyzer = new WindowsAnalyzer();
  private long number;
  private List<SpecificRecord> findings = List.of();
  private List<Coverage> coverage = List.of();
  private List<RegistryEvent> registry = List.of();
  private List<NetworkEvent> network = List.of();
  private List<ProcessEvent> processes = List.of();
  private List<Anomaly> anomalies = List.of();

  /**
   * @param restarts whether the scanner begins anew with every capture, and so tells everything
   */
  Captures(boolean restarts, Path stateFolder) {
    this(restarts, Consistency.POINT_IN_TIME, stateFolder);
  }

  Captures(boolean restarts, Consistency consistency, Path stateFolder) {
    this.restarts = restarts;
    this.consistency = consistency;
    correlator = new CorrelatorDriver(UUID.randomUUID().toString(), stateFolder);
  }

  void take(GuestRam ram) throws UnreadableRecordException {
    FrameSet changed = memory.become(ram);
    if (restarts) {
      analyzer = new WindowsAnalyzer();
      changed = FrameSet.ALL;
    }
    number++;
    findings = new ArrayList<>();
    Request request =
        new Request(KINDS, KeyGlobs.ALL, WatchList.defaults(), OptionalLong.of(number));
    Analysis analysis = analyzer.analyze(memory, changed, request, this::add);
    coverage = analysis.coverage();
    findings.forEach(finding -> correlator.find(number, finding));
    correlator.find(number, summary(analysis));
    registry = correlator.take(Topics.TIMELINE_REGISTRY, RegistryEvent.class);
    network = correlator.take(Topics.TIMELINE_NETWORK, NetworkEvent.class);
    processes = correlator.take(Topics.TIMELINE_PROCESS, ProcessEvent.class);
    anomalies = correlator.take(Topics.ANOMALIES, Anomaly.class);
  }

  private void add(SpecificRecord finding) {
    findings.add(finding instanceof RegistryKeyFinding key ? KeyLimits.apply(key) : finding);
  }

  private Summary summary(Analysis analysis) {
    long time = analysis.system().map(SystemFinding::getGuestTime).orElseThrow();
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, FileTime.toInstant(time));
    long took = consistency == Consistency.LIVE ? 4_000_000 : 0; // as long as a step of a guest
    return Summary.newBuilder()
        .setStatus(analysis.status())
        .setFindings(findings.size())
        .setGuestTime(time)
        .setStartedAt(micros - took)
        .setEndedAt(micros)
        .setConsistency(consistency)
        .setUnreadableFrames(0)
        .setActiveList(analysis.activeList())
        .setCoverage(coverage)
        .build();
  }

  /** What the scanner told of the last capture. */
  <T> List<T> found(Class<T> type) {
    return findings.stream().filter(type::isInstance).map(type::cast).toList();
  }

  List<Coverage> coverage() {
    return coverage;
  }

  /** Of the last capture. */
  List<RegistryEvent> registry() {
    return registry;
  }

  List<NetworkEvent> network() {
    return network;
  }

  List<ProcessEvent> processes() {
    return processes;
  }

  List<Anomaly> anomalies() {
    return anomalies;
  }

  @Override
  public void close() {
    correlator.close();
  }
}
