package io.ramtide.correlator.ecs;

import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.Evidence;
import io.ramtide.schemas.MerkleTree;
import io.ramtide.schemas.NetworkEvent;
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

  static String of(NetworkEvent event) {
    return hash(
        "network-event",
        event.getDomain(),
        event.getCapture(),
        event.getType(),
        event.getProtocol(),
        event.getIpVersion(),
        event.getLocalAddress(),
        event.getLocalPort(),
        event.getRemoteAddress(),
        event.getRemotePort(),
        event.getCreateTime(),
        object(event.getEvidence()),
        event.getEvidence().getObjectVa());
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

  static String ofReboot(CaptureEvent event) {
    return hash("reboot", event.getDomain(), event.getCapture());
  }

  static String entity(ProcessEvent event) {
    return entity(event.getDomain(), event.getPid(), event.getCreateTime(), event.getEvidence());
  }

  /** Of the owner, as in its own events; null if it is not known. */
  static String entity(NetworkEvent event) {
    return event.getProcessGpa() == null
        ? null
        : entity(
            event.getDomain(),
            event.getPid(),
            event.getProcessCreateTime(),
            object(event.getProcessGpa()));
  }

  static String entity(Anomaly anomaly) {
    return entity(
        anomaly.getDomain(), anomaly.getPid(), anomaly.getCreateTime(), anomaly.getEvidence());
  }

  private static String entity(String domain, Long pid, Long createTime, Evidence evidence) {
    return entity(domain, pid, createTime, object(evidence));
  }

  private static String entity(String domain, Long pid, Long createTime, String object) {
    return hash("process", domain, pid, createTime, object);
  }

  private static String object(Evidence evidence) {
    return object(evidence.getObjectGpa());
  }

  private static String object(long gpa) {
    return String.format(Locale.ROOT, "%x", gpa);
  }

  private static String hash(Object... parts) {
    // No part contains a NUL: they are UUIDs, numbers, our own names, and texts without controls.
    String text = String.join("\0", Arrays.stream(parts).map(String::valueOf).toList());
    byte[] digest = MerkleTree.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest, 0, BYTES);
  }
}
