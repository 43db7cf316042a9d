package io.ramtide.correlator.ecs;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.FileTime;

/** Documents of guests that were booted anew. */
final class RebootDocuments {
  private RebootDocuments() {}

  static byte[] of(Capture capture, CaptureEvent event) {
    Long booted = event.getBootTime();
    String message =
        "the guest was rebooted%s before capture %d, which is the first of this boot"
            .formatted(booted == null ? "" : " at " + FileTime.format(booted), event.getCapture());
    return new EcsDocument(capture, booted == null ? event.getTime() : booted, message)
        .event("event", "host", "start", "guest-rebooted", "ramtide.capture")
        .id(DocumentIds.ofReboot(event))
        .bytes();
  }
}
