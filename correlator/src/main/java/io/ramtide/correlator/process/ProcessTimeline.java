package io.ramtide.correlator.process;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.correlator.state.DomainState;
import io.ramtide.correlator.state.Moment;
import io.ramtide.correlator.state.TrackedProcess;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.ProcessEventType;
import io.ramtide.schemas.ProcessFinding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Turns the difference between what is known of a domain and a new capture into events. */
public final class ProcessTimeline {
  /** Processes kept of a domain though captures no longer show them. */
  public static final int MAX_UNSEEN = 16_384;

  private final DomainState domain;
  private final Capture capture;
  private final List<ProcessEvent> events = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final List<TrackedProcess> unseen = new ArrayList<>();
  private long nextProcess;

  /**
   * A process that this capture shows.
   *
   * @param before null if it is new
   */
  public record Step(TrackedProcess before, TrackedProcess after) {}

  /**
   * @param events in time order
   * @param steps processes this capture shows
   * @param unseen processes it does not show, but that may still be there
   * @param nextProcess number of the next new process
   */
  public record Difference(
      List<ProcessEvent> events, List<Step> steps, List<TrackedProcess> unseen, long nextProcess) {}

  private ProcessTimeline(DomainState domain, Capture capture) {
    this.domain = domain;
    this.capture = capture;
    this.nextProcess = domain.getNextProcess();
  }

  /**
   * @param tracked the domain's processes before the capture
   * @param capture a decoded one
   */
  public static Difference of(DomainState domain, List<TrackedProcess> tracked, Capture capture) {
    return new ProcessTimeline(domain, capture).difference(tracked);
  }

  private Difference difference(List<TrackedProcess> tracked) {
    Identity identity = new Identity(tracked);
    List<TrackedProcess> rest = new ArrayList<>(tracked);
    for (ProcessFinding finding : capture.processes()) {
      TrackedProcess before = identity.claim(finding);
      if (before == null) {
        arrive(finding);
      } else {
        seeAgain(before, finding);
      }
    }
    var seen = new HashSet<Long>();
    steps.forEach(step -> seen.add(step.after().number()));
    rest.removeIf(process -> seen.contains(process.number()));
    rest.forEach(this::miss);
    forgetTheLongestUnseen();
    events.sort(EventOrder.INSTANCE);
    return new Difference(events, steps, unseen, nextProcess);
  }

  private void arrive(ProcessFinding finding) {
    if (startedSince(finding, domain.getLastConclusive())) {
      add(ProcessEventType.started, finding.getCreateTime(), domain.getLastConclusive(), finding);
    } else {
      add(ProcessEventType.appeared, null, domain.getLastConclusive(), finding);
    }
    if (finding.getExitTime() != null) {
      add(ProcessEventType.exited, finding.getExitTime(), domain.getLastConclusive(), finding);
    }
    TrackedProcess after =
        new TrackedProcess(nextProcess++, capture.number(), finding, null, Map.of());
    steps.add(new Step(null, after));
  }

  private void seeAgain(TrackedProcess before, ProcessFinding finding) {
    ProcessFinding known = keepKnown(before.finding(), finding);
    if (before.finding().getExitTime() == null && known.getExitTime() != null) {
      add(ProcessEventType.exited, known.getExitTime(), lastSeen(before), known);
    }
    boolean changed = !known.equals(before.finding());
    TrackedProcess after =
        new TrackedProcess(
            before.number(),
            changed ? capture.number() : before.capture(),
            known,
            null,
            before.rules());
    steps.add(new Step(before, after));
  }

  private void miss(TrackedProcess before) {
    if (!capture.conclusive()) {
      unseen.add(
          new TrackedProcess(
              before.number(),
              before.capture(),
              before.finding(),
              lastSeen(before),
              before.rules()));
    } else if (before.finding().getExitTime() == null) {
      add(ProcessEventType.disappeared, null, lastSeen(before), before.finding());
    }
  }

  /** A guest that breaks its own process list could make the correlator remember without end. */
  private void forgetTheLongestUnseen() {
    if (unseen.size() > MAX_UNSEEN) {
      unseen.sort(
          Comparator.comparingLong((TrackedProcess process) -> process.lastSeen().getCapture())
              .thenComparingLong(TrackedProcess::number));
      unseen.subList(0, unseen.size() - MAX_UNSEEN).clear();
    }
  }

  private Moment lastSeen(TrackedProcess process) {
    return process.lastSeen() != null ? process.lastSeen() : domain.getLastDecoded();
  }

  /** Whether its create time allows that the process was not there yet at that moment. */
  private static boolean startedSince(ProcessFinding finding, Moment moment) {
    if (finding.getCreateTime() == null) {
      return false;
    }
    if (moment == null || moment.getGuestTime() == null) {
      return true;
    }
    // A capture's time and its pages are not of one instant.
    return finding.getCreateTime() >= moment.getGuestTime() - Capture.slack(moment);
  }

  /**
   * What a later capture could not read again stays known: pages come and go, and with an exit the
   * process's own memory. An exit is final.
   */
  private static ProcessFinding keepKnown(ProcessFinding old, ProcessFinding now) {
    ProcessFinding.Builder known =
        ProcessFinding.newBuilder(now)
            .setParentPid(either(now.getParentPid(), old.getParentPid()))
            .setImageName(either(now.getImageName(), old.getImageName()))
            .setCreateTime(either(now.getCreateTime(), old.getCreateTime()))
            .setExitTime(either(old.getExitTime(), now.getExitTime()))
            .setDirectoryTableBase(either(now.getDirectoryTableBase(), old.getDirectoryTableBase()))
            .setObjectVa(either(now.getObjectVa(), old.getObjectVa()))
            .setSessionId(either(now.getSessionId(), old.getSessionId()))
            .setWow64(either(now.getWow64(), old.getWow64()))
            .setUserSid(either(now.getUserSid(), old.getUserSid()))
            .setIntegrity(either(now.getIntegrity(), old.getIntegrity()))
            .setPebVa(either(now.getPebVa(), old.getPebVa()));
    keepTexts(old, now, known);
    return known.build();
  }

  private static void keepTexts(
      ProcessFinding old, ProcessFinding now, ProcessFinding.Builder known) {
    if (isWorse(now.getImagePath(), now.getImagePathStatus(), old.getImagePath())) {
      known.setImagePath(old.getImagePath()).setImagePathStatus(old.getImagePathStatus());
    }
    if (isWorse(now.getImageFile(), now.getImageFileStatus(), old.getImageFile())) {
      known.setImageFile(old.getImageFile()).setImageFileStatus(old.getImageFileStatus());
    }
    if (isWorse(now.getCommandLine(), now.getCommandLineStatus(), old.getCommandLine())) {
      known.setCommandLine(old.getCommandLine()).setCommandLineStatus(old.getCommandLineStatus());
    }
    if (isWorse(
        now.getCurrentDirectory(), now.getCurrentDirectoryStatus(), old.getCurrentDirectory())) {
      known
          .setCurrentDirectory(old.getCurrentDirectory())
          .setCurrentDirectoryStatus(old.getCurrentDirectoryStatus());
    }
  }

  /** Whether a text was not read, or is a beginning of what is known already. */
  private static boolean isWorse(String now, String status, String old) {
    return old != null && (now == null || (status != null && old.startsWith(now)));
  }

  private static <T> T either(T first, T second) {
    return first != null ? first : second;
  }

  private void add(ProcessEventType type, Long time, Moment since, ProcessFinding finding) {
    long seenIn = type == ProcessEventType.disappeared ? since.getCapture() : capture.number();
    events.add(
        ProcessEvent.newBuilder()
            .setDomain(capture.domain())
            .setCapture(capture.number())
            .setType(type)
            .setTime(time)
            .setNotBefore(capture.timeOf(since))
            .setNotAfter(capture.time())
            .setPid(finding.getPid())
            .setParentPid(finding.getParentPid())
            .setImageName(finding.getImageName())
            .setCreateTime(finding.getCreateTime())
            .setExitTime(finding.getExitTime())
            .setImagePath(finding.getImagePath())
            .setCommandLine(finding.getCommandLine())
            .setUserSid(finding.getUserSid())
            .setSessionId(finding.getSessionId())
            .setEvidence(Evidences.of(seenIn, finding))
            .build());
  }
}
