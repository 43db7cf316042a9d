package io.ramtide.testkit.windows.key;

import java.util.List;

/** Types of values: their names by their numbers. Source: winnt.h. */
public final class ValueType {

  private static final List<String> NAMES =
      List.of(
          "REG_NONE",
          "REG_SZ",
          "REG_EXPAND_SZ",
          "REG_BINARY",
          "REG_DWORD",
          "REG_DWORD_BIG_ENDIAN",
          "REG_LINK",
          "REG_MULTI_SZ",
          "REG_RESOURCE_LIST",
          "REG_FULL_RESOURCE_DESCRIPTOR",
          "REG_RESOURCE_REQUIREMENTS_LIST",
          "REG_QWORD");

  private ValueType() {}

  /** A type's number: by its name, or 0x and hexadecimal digits. */
  public static int number(String name) {
    if (name.startsWith("0x")) {
      return Integer.parseUnsignedInt(name.substring("0x".length()), 16);
    }
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException("there is no type of values " + name);
    }
    return NAMES.indexOf(name);
  }

  public static String name(int number) {
    return number >= 0 && number < NAMES.size()
        ? NAMES.get(number)
        : "0x" + Integer.toHexString(number);
  }
}
