package io.ramtide.correlator.ecs;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.RegistryEvent;

/**
 * ECS documents of one capture: events, anomalies, or the failure to read the capture, each as
 * UTF-8 JSON. See the README for the mapping.
 */
public final class EcsDocuments {
  private final Capture capture;

  public EcsDocuments(Capture capture) {
    this.capture = capture;
  }

  public byte[] of(ProcessEvent event) {
    return ProcessDocuments.of(capture, event);
  }

  public byte[] of(Anomaly anomaly) {
    return AnomalyDocuments.of(capture, anomaly);
  }

  public byte[] of(RegistryEvent event) {
    return RegistryDocuments.of(capture, event);
  }

  public byte[] of(NetworkEvent event) {
    return NetworkDocuments.of(capture, event);
  }

  /** For a capture that could not be read: silence must not look like peace. */
  public byte[] ofFailure(CaptureEvent event) {
    return FailureDocuments.of(capture, event);
  }

  /** For a guest that was booted anew: why nothing is told of how its processes ended. */
  public byte[] ofReboot(CaptureEvent event) {
    return RebootDocuments.of(capture, event);
  }
}
