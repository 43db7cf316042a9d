package io.ramtide.correlator;

import io.ramtide.correlator.ecs.Text;
import io.ramtide.schemas.Rejected;
import io.ramtide.schemas.RejectedRecord;
import io.ramtide.schemas.Topics;

/** Builds the records of ramtide.rejected. */
final class Rejections {
  private static final String ROLE = "correlator";

  private Rejections() {}

  /**
   * @param millis when: since 1970 UTC
   */
  static Rejected of(
      int partition, long offset, String reason, long millis, byte[] key, byte[] value) {
    return RejectedRecord.of(
        ROLE,
        Text.bounded(reason, Text.SENTENCE),
        millis * 1000,
        Topics.FINDINGS,
        partition,
        offset,
        key,
        value);
  }
}
