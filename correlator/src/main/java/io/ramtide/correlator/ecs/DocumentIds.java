package io.ramtide.correlator.ecs;

import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.Evidence;
import io.ramtide.schemas.MerkleTree;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.RegistryEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/** Ids that are the same whenever the same thing is told again, so that a connector can upsert. */
final class DocumentIds {
  private static final int BYTES = 16;

  private DocumentIds() {}

  static String of(ProcessEvent event) {
    return hash(
        "process-event",
        event.getDomain(),
        event.getCapture(),
        event.getType(),
        event.getPid(),
        event.getCreateTime(),
        object(event.getEvidence()));
  }

  static String of(RegistryEvent event) {
    return hash(
        "registry-event",
        event.getDomain(),
        event.getCapture(),
        event.getType(),
        event.getHive(),
        event.getKey(),
        event.getValueName(),
        object(event.getEvidence()));
  }

  static String of(Anomaly anomaly) {
    return hash(
        "anomaly",
        anomaly.getDomain(),
        anomaly.getCapture(),
        anomaly.getRule(),
        anomaly.getPid(),
        anomaly.getCreateTime(),
        object(anomaly.getEvidence()));
  }

  static String of(CaptureEvent event) {
    return hash("capture", event.getDomain(), event.getCapture());
  }

  static String entity(ProcessEvent event) {
    return entity(event.getDomain(), event.getPid(), event.getCreateTime(), event.getEvidence());
  }

  static String entity(Anomaly anomaly) {
    return entity(
        anomaly.getDomain(), anomaly.getPid(), anomaly.getCreateTime(), anomaly.getEvidence());
  }

  private static String entity(String domain, Long pid, Long createTime, Evidence evidence) {
    return hash("process", domain, pid, createTime, object(evidence));
  }

  private static String object(Evidence evidence) {
    return String.format(Locale.ROOT, "%x", evidence.getObjectGpa());
  }

  private static String hash(Object... parts) {
    // No part contains a NUL: they are UUIDs, numbers, our own names, and texts without controls.
    String text = String.join("\0", Arrays.stream(parts).map(String::valueOf).toList());
    byte[] digest = MerkleTree.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest, 0, BYTES);
  }
}
