package io.ramtide.correlator;

import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Summary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;

/** A whole capture with processes and endpoints, complete and of one moment. */
final class NetworkCapture {
  private final long number;
  private final double seconds;
  private final List<SpecificRecord> findings = new ArrayList<>(List.of(Samples.system()));
  private int processes;
  private int endpoints;
  private boolean smeared;

  NetworkCapture(long number, double seconds) {
    this.number = number;
    this.seconds = seconds;
  }

  NetworkCapture with(ProcessFinding.Builder... more) {
    processes += more.length;
    Arrays.stream(more).map(ProcessFinding.Builder::build).forEach(findings::add);
    return this;
  }

  NetworkCapture with(EndpointFinding.Builder... more) {
    endpoints += more.length;
    Arrays.stream(more).map(EndpointFinding.Builder::build).forEach(findings::add);
    return this;
  }

  NetworkCapture shuffled(long seed) {
    Collections.shuffle(findings, new Random(seed));
    return this;
  }

  /** Live, and its process list could not be walked to its end. */
  NetworkCapture smeared() {
    smeared = true;
    return this;
  }

  void sendTo(Harness harness) {
    steps(harness).forEach(Runnable::run);
  }

  /** One element is one record. */
  List<Runnable> steps(Harness harness) {
    List<Runnable> steps = new ArrayList<>();
    findings.forEach(finding -> steps.add(() -> harness.find(number, finding)));
    List<Coverage> coverage =
        List.of(
            new Coverage("processes", CoverageStatus.complete, processes, null),
            new Coverage("endpoints", CoverageStatus.complete, endpoints, null));
    Summary.Builder summary = Samples.summary(findings.size(), seconds).setCoverage(coverage);
    if (smeared) {
      summary.setConsistency(Consistency.LIVE).setActiveList(ListStatus.incomplete);
    }
    SpecificRecord last = summary.build();
    steps.add(() -> harness.find(number, last));
    return steps;
  }
}
