package io.ramtide.correlator;

import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.RegistryEvent;
import io.ramtide.schemas.Summary;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/** Captures of registries into a {@link Harness}. */
final class RegistryHarness {
  private final Harness harness;

  RegistryHarness(Harness harness) {
    this.harness = harness;
  }

  /** A capture that has these hives whole. */
  void whole(long capture, double seconds, SampleHive... hives) {
    capture(capture, seconds, Arrays.stream(hives).map(SampleHive::whole).toList());
  }

  void changed(long capture, double seconds, List<? extends SpecificRecord> findings) {
    capture(capture, seconds, List.of(findings));
  }

  void capture(
      long capture, double seconds, List<? extends List<? extends SpecificRecord>> findings) {
    capture(capture, seconds, summary -> {}, findings);
  }

  void capture(
      long capture,
      double seconds,
      Consumer<Summary.Builder> change,
      List<? extends List<? extends SpecificRecord>> findings) {
    steps(capture, seconds, change, findings).forEach(Runnable::run);
  }

  /** Record by record. */
  List<Runnable> steps(
      long capture,
      double seconds,
      Consumer<Summary.Builder> change,
      List<? extends List<? extends SpecificRecord>> findings) {
    List<Runnable> steps = new ArrayList<>();
    steps.add(() -> harness.find(capture, Samples.system()));
    int all = 0;
    int hives = 0;
    for (List<? extends SpecificRecord> each : findings) {
      all += each.size();
      for (SpecificRecord finding : each) {
        hives += finding instanceof HiveFinding ? 1 : 0;
        steps.add(() -> harness.find(capture, finding));
      }
    }
    Summary.Builder summary = Samples.summary(all + 1, seconds);
    summary.setCoverage(
        List.of(
            coverage("processes", CoverageStatus.complete, 0),
            coverage("hives", CoverageStatus.complete, hives),
            coverage("registry", CoverageStatus.incomplete, all - hives)));
    change.accept(summary);
    Summary built = summary.build();
    steps.add(() -> harness.find(capture, built));
    return steps;
  }

  static Coverage coverage(String kind, CoverageStatus status, int count) {
    return new Coverage(kind, status, count, null);
  }

  /** Events of one capture in order, e.g. {@code valueSet Run [Updater] 01 -> 02}. */
  List<String> events(long capture) {
    return harness.registryEvents().stream()
        .filter(event -> event.getCapture() == capture)
        .map(RegistryHarness::text)
        .toList();
  }

  private static String text(RegistryEvent event) {
    return switch (event.getType()) {
      case hiveLoaded, hiveUnloaded -> event.getType() + " " + event.getHive();
      case keyCreated, keyDeleted -> event.getType() + " " + event.getKey();
      case valueDeleted ->
          "valueDeleted %s [%s] %s"
              .formatted(event.getKey(), event.getValueName(), hex(event.getOldData()));
      case valueSet ->
          "valueSet %s [%s] %s -> %s"
              .formatted(
                  event.getKey(),
                  event.getValueName(),
                  event.getOldValueType() == null ? "new" : hex(event.getOldData()),
                  hex(event.getData()));
      case unknown -> throw new AssertionError(event);
    };
  }

  private static String hex(ByteBuffer data) {
    if (data == null) {
      return "?";
    }
    byte[] bytes = new byte[data.remaining()];
    data.duplicate().get(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
