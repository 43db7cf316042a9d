package io.ramtide.correlator.ecs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ramtide.correlator.capture.Capture;
import io.ramtide.correlator.rule.Rules;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.Severity;
import java.util.Locale;

/** Documents of anomalies. */
final class AnomalyDocuments {
  private AnomalyDocuments() {}

  static byte[] of(Capture capture, Anomaly anomaly) {
    EcsDocument doc =
        new EcsDocument(capture, anomaly.getNotAfter(), anomaly.getMessage())
            .event("alert", "process", "info", anomaly.getRule(), "ramtide.anomaly")
            .between(anomaly.getNotBefore(), anomaly.getNotAfter())
            .id(DocumentIds.of(anomaly))
            .evidence(anomaly.getEvidence())
            .tag("anomaly");
    doc.object("event").put("severity", severity(anomaly.getSeverity()));
    doc.object("rule").put("name", anomaly.getRule()).put("ruleset", "ramtide");
    if (anomaly.getTechnique() != null) {
      threat(doc.object("threat"), anomaly);
      doc.tag("attack." + anomaly.getTechnique().toLowerCase(Locale.ROOT));
    }
    if (anomaly.getPid() != null) {
      ProcessDocuments.identity(
          doc.object("process"),
          anomaly.getPid(),
          anomaly.getParentPid(),
          anomaly.getImageName(),
          anomaly.getCreateTime(),
          DocumentIds.entity(anomaly));
    }
    return doc.bytes();
  }

  private static void threat(ObjectNode threat, Anomaly anomaly) {
    String id = anomaly.getTechnique();
    threat.put("framework", "MITRE ATT&CK");
    ObjectNode technique = threat.putObject("technique");
    technique.putArray("id").add(id);
    Rules.technique(anomaly.getRule())
        .ifPresent(known -> technique.putArray("name").add(known.name()));
    technique
        .putArray("reference")
        .add("https://attack.mitre.org/techniques/" + id.replace('.', '/') + "/");
  }

  /** On the scale that Elastic's own detection rules use. */
  private static int severity(Severity severity) {
    return switch (severity) {
      case low -> 21;
      case medium -> 47;
      case high -> 73;
      case critical -> 99;
    };
  }
}
