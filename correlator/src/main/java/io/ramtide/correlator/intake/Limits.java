package io.ramtide.correlator.intake;

import io.ramtide.schemas.FindingKind;

/**
 * What is correlated of one capture: a guest can fake more, but nobody runs so much.
 *
 * @param findings of any kind but hives, endpoints and keys
 * @param findingBytes of all findings but those of keys; beyond it they lose their long texts
 * @param keyBytes of registry keys
 */
public record Limits(
    int findings, int hives, int endpoints, int keys, long findingBytes, long keyBytes) {
  public static final Limits DEFAULT =
      new Limits(16_384, 4_096, 32_768, 1 << 20, 32 << 20, 512 << 20);

  int of(FindingKind kind) {
    return switch (kind) {
      case hive -> hives;
      case endpoint -> endpoints;
      case registryKey, registryKeyGone -> keys;
      default -> findings;
    };
  }
}
