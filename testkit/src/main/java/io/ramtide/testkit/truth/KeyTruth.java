package io.ramtide.testkit.truth;

import java.util.List;

/**
 * A registry key.
 *
 * @param hive path of the root key of its hive
 * @param key path below that, without a leading backslash; empty: the root
 * @param lastWriteTime FILETIME
 * @param isVolatile whether it is in volatile storage
 * @param subkeys stable and volatile subkeys, as the key counts them
 * @param values its values, in the order of its list
 * @param className null without
 * @param owner SID of the owner
 * @param linkTarget where a symbolic link leads; null for others
 * @param cell cell index: bit 31 volatile, the rest the offset in its storage
 * @param cellGpa GPA of its node (of its signature, behind the size); -1: not in RAM
 * @param readable whether its node and all that leads to it from the root can be read from RAM
 */
public record KeyTruth(
    String hive,
    String key,
    long lastWriteTime,
    boolean isVolatile,
    int subkeys,
    List<RegistryValueTruth> values,
    String className,
    String owner,
    String linkTarget,
    long cell,
    long cellGpa,
    boolean readable) {

  public KeyTruth {
    values = List.copyOf(values);
  }

  /** Its full path, which starts with \REGISTRY. */
  public String path() {
    return key.isEmpty() ? hive : hive + "\\" + key;
  }
}
