package io.ramtide.correlator.intake;

import static io.ramtide.correlator.capture.Times.plausible;

import io.ramtide.correlator.ecs.Text;
import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Summary;
import org.apache.avro.specific.SpecificRecord;

/** Times that cannot be are unknown; texts are bounded. The guest chose both. */
final class Taming {
  private Taming() {}

  static SpecificRecord tame(SpecificRecord finding) {
    if (finding instanceof ProcessFinding process) {
      return tame(process);
    }
    if (finding instanceof HiveFinding hive) {
      return tame(hive);
    }
    return finding instanceof EndpointFinding endpoint ? tame(endpoint) : finding;
  }

  /** The same without what a guest may fill a store with. */
  static SpecificRecord tameWithoutTexts(SpecificRecord finding) {
    SpecificRecord tame = tame(finding);
    return tame instanceof ProcessFinding process ? ProcessTexts.leftOut(process) : tame;
  }

  static Summary tame(Summary summary) {
    return Summary.newBuilder(summary)
        .setDetail(Text.bounded(summary.getDetail(), Text.SENTENCE))
        .setActiveListDetail(Text.bounded(summary.getActiveListDetail(), Text.SENTENCE))
        .setGuestTime(plausible(summary.getGuestTime()))
        .build();
  }

  private static ProcessFinding tame(ProcessFinding process) {
    return ProcessTexts.bounded(
        ProcessFinding.newBuilder(process)
            .setCreateTime(plausible(process.getCreateTime()))
            .setExitTime(plausible(process.getExitTime()))
            // They differ in every capture, and nothing is told of them.
            .setThreadCount(null)
            .setHandleCount(null)
            .build());
  }

  private static HiveFinding tame(HiveFinding hive) {
    return HiveFinding.newBuilder(hive)
        .setPath(Text.bounded(hive.getPath(), Text.PATH))
        .setPathStatus(Text.bounded(hive.getPathStatus(), Text.NAME))
        .setFileName(Text.bounded(hive.getFileName(), Text.PATH))
        .setFileNameStatus(Text.bounded(hive.getFileNameStatus(), Text.NAME))
        .setFileFullPath(Text.bounded(hive.getFileFullPath(), Text.PATH))
        .setMissingWhy(null)
        .setWrittenTime(null)
        .build();
  }

  private static EndpointFinding tame(EndpointFinding endpoint) {
    return EndpointFinding.newBuilder(endpoint)
        .setProtocol(Text.bounded(endpoint.getProtocol(), Text.NAME))
        .setLocalAddress(IpLiteral.orNull(endpoint.getLocalAddress()))
        .setRemoteAddress(IpLiteral.orNull(endpoint.getRemoteAddress()))
        .setAddressStatus(Text.bounded(endpoint.getAddressStatus(), Text.NAME))
        .setState(Text.bounded(endpoint.getState(), Text.NAME))
        .setProcessName(Text.bounded(endpoint.getProcessName(), Text.NAME))
        .setOwnerStatus(Text.bounded(endpoint.getOwnerStatus(), Text.NAME))
        .setCreateTime(plausible(endpoint.getCreateTime()))
        .build();
  }
}
