package io.ramtide.correlator.ecs;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.schemas.CaptureEvent;
import java.util.Locale;

/** Documents of captures that could not be read. */
final class FailureDocuments {
  private FailureDocuments() {}

  static byte[] of(Capture capture, CaptureEvent event) {
    String status = event.getStatus().name().toLowerCase(Locale.ROOT).replace('_', '-');
    String detail = event.getDetail() == null ? "no reason given" : event.getDetail();
    String message =
        Text.bounded(
            "capture %d was not decoded (%s): %s".formatted(event.getCapture(), status, detail),
            Text.SENTENCE);
    EcsDocument doc =
        new EcsDocument(capture, event.getTime(), message)
            .event("pipeline_error", "host", "info", "capture-" + status, "ramtide.capture")
            .id(DocumentIds.of(event));
    doc.object("event").put("outcome", "failure");
    doc.object("error").put("message", message).put("type", event.getStatus().name());
    return doc.bytes();
  }
}
