package io.ramtide.scanner.windows.hive;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.windows.guest.FactFile;

/**
 * What symbols do not say of hives: hive.json.
 *
 * @param hive signature of an HHIVE, as a little-endian number
 * @param base signature of a base block
 * @param bin signature of a bin
 * @param discardable flag of a map entry
 * @param inPool flag of a map entry
 * @param rootCell where root keys are
 * @param process name of the process with the bins
 */
record HiveFacts(
    long hive, long base, long bin, long discardable, long inPool, int rootCell, String process) {
  static final HiveFacts ALL = load();

  private static HiveFacts load() {
    JsonNode json = FactFile.read(HiveFacts.class, "hive.json").json();
    return new HiveFacts(
        hex(json.path("hiveSignature")),
        hex(json.path("baseSignature")),
        hex(json.path("binSignature")),
        hex(json.path("flags").path("discardable")),
        hex(json.path("flags").path("inPool")),
        (int) hex(json.path("rootCell")),
        json.path("process").asText());
  }

  private static long hex(JsonNode number) {
    return Long.decode(number.asText());
  }
}
