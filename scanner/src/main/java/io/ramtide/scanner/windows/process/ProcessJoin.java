package io.ramtide.scanner.windows.process;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.process.view.ProcessView;
import io.ramtide.schemas.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The processes of all views: one by several of them is one. */
final class ProcessJoin {
  /** A hidden process may lead to another, by its session or its threads; not for ever. */
  private static final int MAX_ROUNDS = 4;

  private final ProcessRules.Guest rules;
  private final Map<Long, Joined> byGpa = new LinkedHashMap<>();

  /**
   * VAs that were looked at: what is at them, or empty if it is no process or cannot be read. So a
   * pointer that a forged table holds a million times is judged once.
   */
  private final Map<Long, Optional<Joined>> byVa = new HashMap<>();

  private long cut;

  /** A process, and the views that have it. */
  record Joined(RawProcess process, Set<View> views) {}

  ProcessJoin(ProcessRules.Guest rules) {
    this.rules = rules;
  }

  Collection<Joined> processes() {
    return byGpa.values();
  }

  /** Adds what is known to be a process. */
  void add(RawProcess process, View view) {
    joined(process).views().add(view);
  }

  private Joined joined(RawProcess process) {
    return byGpa.computeIfAbsent(
        process.gpa(), gpa -> new Joined(process, EnumSet.noneOf(View.class)));
  }

  /**
   * Adds what other objects refer to, as far as it passes the rules of a process: a forged pointer
   * invents none.
   *
   * @return views that may not have all they should, and why
   */
  List<String> addReferredTo(Guest guest) {
    Map<View, Set<String>> gaps = new EnumMap<>(View.class);
    int before = -1;
    for (int round = 0; round < MAX_ROUNDS && byGpa.size() > before; round++) {
      before = byGpa.size();
      gaps.clear();
      for (ProcessView view : ProcessView.ALL) {
        gaps.put(view.view(), add(guest, view));
      }
    }
    List<String> all = new ArrayList<>();
    gaps.forEach((view, why) -> why.forEach(gap -> all.add(view + ": " + gap)));
    if (cut > 0) {
      all.add("%d more processes that are referred to were left out".formatted(cut));
    }
    return all;
  }

  private Set<String> add(Guest guest, ProcessView view) {
    ProcessView.Seen seen = view.find(guest, known());
    Set<String> gaps = new LinkedHashSet<>(seen.gaps());
    long unreadable = 0;
    for (long va : seen.processes()) {
      Optional<Joined> joined = byVa.computeIfAbsent(va, this::at);
      joined.ifPresent(process -> process.views().add(view.view()));
      unreadable += joined.isEmpty() && isMissing(va) ? 1 : 0;
    }
    if (unreadable > 0) {
      gaps.add("%d of the processes it names cannot be read".formatted(unreadable));
    }
    return gaps;
  }

  private List<ProcessView.Known> known() {
    List<ProcessView.Known> known = new ArrayList<>();
    for (Joined joined : byGpa.values()) {
      RawProcess process = joined.process();
      process
          .va()
          .ifPresent(va -> known.add(new ProcessView.Known(va, process.imageName().orElse(""))));
    }
    return known;
  }

  private Optional<Joined> at(long va) {
    if (!rules.kernel().isKernelAddress(va)) {
      return Optional.empty();
    }
    Optional<RawProcess> process = rules.reader().atVa(va);
    if (process.isEmpty()) {
      return Optional.empty();
    }
    Joined known = byGpa.get(process.get().gpa());
    if (known != null) {
      return Optional.of(known);
    }
    if (!ProcessRules.judge(process.get(), rules).isProcess()) {
      return Optional.empty();
    }
    if (byGpa.size() >= ProcessScan.MAX_PROCESSES * 2) {
      cut++;
      return Optional.empty();
    }
    return Optional.of(joined(process.get()));
  }

  private boolean isMissing(long va) {
    return rules.kernel().isKernelAddress(va) && rules.kernel().space().gpa(va).isEmpty();
  }
}
