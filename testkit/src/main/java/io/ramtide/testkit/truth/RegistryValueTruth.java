package io.ramtide.testkit.truth;

import java.util.HexFormat;

/**
 * A value of a registry key.
 *
 * @param name empty: the default value
 * @param type REG_SZ, REG_DWORD, ...; 0x and hexadecimal digits where Windows has no name
 * @param dataHex its data, raw, two lower-case digits a byte
 * @param cell cell index: bit 31 volatile, the rest the offset in its storage
 * @param readable whether the value itself can be read from RAM, once its key can
 * @param dataReadable whether all of its data can, too
 */
public record RegistryValueTruth(
    String name, String type, String dataHex, long cell, boolean readable, boolean dataReadable) {

  /** Its data, raw. */
  public byte[] data() {
    return HexFormat.of().parseHex(dataHex);
  }
}
