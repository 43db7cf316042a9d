package io.ramtide.correlator.rule;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.correlator.process.Evidences;
import io.ramtide.correlator.process.ProcessTimeline.Step;
import io.ramtide.correlator.state.DomainState;
import io.ramtide.correlator.state.RuleState;
import io.ramtide.correlator.state.TrackedProcess;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.ProcessFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Applies every rule; an anomaly is told once, and again only if it was gone in between. */
public final class Rules {
  private static final List<ProcessRule> ALL = List.of(new ProcessNotInActiveList());

  private Rules() {}

  /**
   * @param processes with what the rules remember from now on
   */
  public record Outcome(List<Anomaly> anomalies, List<TrackedProcess> processes) {}

  /** The technique a rule speaks of. */
  public static Optional<Technique> technique(String rule) {
    return ALL.stream().filter(r -> r.name().equals(rule)).map(ProcessRule::technique).findFirst();
  }

  /** Whether it was told of the process that it runs but is not in the active list. */
  public static boolean isHidden(TrackedProcess process) {
    RuleState state = process.rules().get(ProcessNotInActiveList.NAME);
    return state != null && state.getReported();
  }

  /**
   * @param domain as it was before the capture
   */
  public static Outcome apply(DomainState domain, Capture capture, List<Step> steps) {
    List<Anomaly> anomalies = new ArrayList<>();
    List<TrackedProcess> processes = new ArrayList<>(steps.size());
    for (Step step : steps) {
      Map<String, RuleState> states = new TreeMap<>(step.after().rules());
      for (ProcessRule rule : ALL) {
        apply(rule, domain, capture, step, states).ifPresent(anomalies::add);
      }
      processes.add(step.after().withRules(states));
    }
    return new Outcome(anomalies, processes);
  }

  private static Optional<Anomaly> apply(
      ProcessRule rule,
      DomainState domain,
      Capture capture,
      Step step,
      Map<String, RuleState> states) {
    RuleState state = states.get(rule.name());
    ProcessFinding before = step.before() == null ? null : step.before().finding();
    switch (rule.check(before, step.after().finding(), capture)) {
      case NORMAL -> states.remove(rule.name());
      case UNDECIDED -> {
        if (state != null) {
          states.put(rule.name(), new RuleState(0, state.getReported(), state.getNotBefore()));
        }
      }
      case VIOLATED -> {
        int successive = state == null ? 1 : Math.min(state.getSuccessive(), 1_000) + 1;
        boolean reported = state != null && state.getReported();
        Long notBefore =
            successive == 1 ? capture.timeOf(domain.getLastDecoded()) : state.getNotBefore();
        boolean due = !reported && successive >= rule.capturesNeeded(capture);
        states.put(rule.name(), new RuleState(successive, reported || due, notBefore));
        return due
            ? Optional.of(anomaly(rule, capture, notBefore, step.after().finding()))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static Anomaly anomaly(
      ProcessRule rule, Capture capture, Long notBefore, ProcessFinding process) {
    return Anomaly.newBuilder()
        .setDomain(capture.domain())
        .setCapture(capture.number())
        .setRule(rule.name())
        .setTechnique(rule.technique().id())
        .setSeverity(rule.severity(process))
        .setMessage(rule.message(process))
        .setNotBefore(notBefore)
        .setNotAfter(capture.time())
        .setPid(process.getPid())
        .setParentPid(process.getParentPid())
        .setImageName(process.getImageName())
        .setCreateTime(process.getCreateTime())
        .setEvidence(Evidences.of(capture.number(), process))
        .build();
  }
}
