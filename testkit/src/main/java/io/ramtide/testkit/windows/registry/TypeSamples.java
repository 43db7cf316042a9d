package io.ramtide.testkit.windows.registry;

import io.ramtide.testkit.windows.key.SimHive;
import io.ramtide.testkit.windows.key.SimKey;
import io.ramtide.testkit.windows.key.ValueCells;
import io.ramtide.testkit.windows.key.ValueType;
import java.util.Arrays;
import java.util.Random;

/** Values of every type and of every way to store data, in one key. */
final class TypeSamples {

  private TypeSamples() {}

  static void write(SimHive hive, SimKey key, Random random, long now) {
    byte[] noise = new byte[44_100];
    random.nextBytes(noise);
    set(hive, key, "none", "REG_NONE", new byte[0], now);
    set(hive, key, "sz", "REG_SZ", text("a text, ünïcödé, 文\0"), now);
    set(hive, key, "sz short", "REG_SZ", text("a\0"), now);
    set(hive, key, "sz empty", "REG_SZ", new byte[0], now);
    set(hive, key, "sz not ended", "REG_SZ", text("no zero"), now);
    set(hive, key, "sz odd", "REG_SZ", new byte[] {'o', 0, 'd', 0, 'd'}, now);
    set(hive, key, "sz rest", "REG_SZ", text("text\0and what lies behind\0"), now);
    set(hive, key, "expand", "REG_EXPAND_SZ", text("%SystemRoot%\\explorer.exe\0"), now);
    set(hive, key, "binary", "REG_BINARY", part(noise, 100), now);
    set(hive, key, "binary 3", "REG_BINARY", part(noise, 3), now);
    set(hive, key, "dword", "REG_DWORD", number(0xdeadbeefL, 4), now);
    set(hive, key, "dword of 2", "REG_DWORD", number(7, 2), now);
    byte[] bigEndian = {0x12, 0x34, 0x56, 0x78};
    set(hive, key, "dword big-endian", "REG_DWORD_BIG_ENDIAN", bigEndian, now);
    set(hive, key, "link", "REG_LINK", text("\\Registry\\Machine\\Software"), now);
    set(hive, key, "multi", "REG_MULTI_SZ", text("one\0two\0three\0\0"), now);
    set(hive, key, "multi empty", "REG_MULTI_SZ", text("\0"), now);
    set(hive, key, "resources", "REG_RESOURCE_LIST", part(noise, 48), now);
    set(hive, key, "resource", "REG_FULL_RESOURCE_DESCRIPTOR", part(noise, 40), now);
    set(hive, key, "needs", "REG_RESOURCE_REQUIREMENTS_LIST", part(noise, 72), now);
    set(hive, key, "qword", "REG_QWORD", number(0x8000_0000_0000_0001L, 8), now);
    set(hive, key, "of another type", "0x1f0013", part(noise, 20), now);
    set(hive, key, "", "REG_SZ", text("the default value\0"), now);
    set(hive, key, "имя", "REG_SZ", text("значение\0"), now);
    set(hive, key, "exact", "REG_BINARY", part(noise, ValueCells.SEGMENT), now);
    set(hive, key, "over", "REG_BINARY", part(noise, ValueCells.SEGMENT + 1), now);
    set(hive, key, "big", "REG_BINARY", noise, now);
  }

  private static void set(
      SimHive hive, SimKey key, String name, String type, byte[] data, long now) {
    hive.set(key, name, ValueType.number(type), data, now);
  }

  private static byte[] text(String text) {
    return RegistryContent.utf16(text);
  }

  private static byte[] number(long value, int bytes) {
    return RegistryContent.number(value, bytes);
  }

  private static byte[] part(byte[] noise, int count) {
    return Arrays.copyOf(noise, count);
  }
}
