package io.ramtide.correlator.state;

import io.ramtide.schemas.HiveFinding;

/**
 * A registry hive the correlator follows from capture to capture.
 *
 * @param finding what is known of it
 * @param seenAt the last capture that shows it
 * @param keys how many keys of it are known
 * @param keysCapture the last capture whose keys were taken in; 0: none
 * @param keysAsOf the last capture at which nothing of the keys was missed: {@code keysCapture}, or
 *     an earlier one after a gap; null: none
 */
public record TrackedHive(
    HiveFinding finding, Moment seenAt, int keys, long keysCapture, Moment keysAsOf) {
  public long va() {
    return finding.getObjectVa();
  }
}
