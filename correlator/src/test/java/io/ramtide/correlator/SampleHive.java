package io.ramtide.correlator;

import static io.ramtide.correlator.Samples.noon;

import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryKeyGone;
import io.ramtide.schemas.RegistryValue;
import io.ramtide.schemas.View;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/** A registry hive whose keys change, as a scanner would tell of them. */
final class SampleHive {
  final HiveFinding.Builder hive;
  private final Map<String, RegistryKeyFinding.Builder> keys = new TreeMap<>();

  SampleHive(long va, String path) {
    hive =
        HiveFinding.newBuilder()
            .setObjectVa(va)
            .setObjectGpa(va & 0xffff_ffffL)
            .setPath(path)
            .setFileName("\\SystemRoot\\System32\\Config\\" + path.replaceAll(".*\\\\", ""))
            .setSeenBy(List.of(View.hiveList, View.poolScan));
    key("", -1000);
  }

  static SampleHive software() {
    return new SampleHive(0xffff_f8a0_0002_0000L, "\\REGISTRY\\MACHINE\\SOFTWARE");
  }

  /** Adds a key below one that is there, or changes when it was written: seconds after noon. */
  RegistryKeyFinding.Builder key(String path, double written) {
    return keys.computeIfAbsent(
            path,
            p ->
                RegistryKeyFinding.newBuilder()
                    .setHive(hive.getPath())
                    .setHiveVa(hive.getObjectVa())
                    .setKey(p)
                    .setSubkeys(0)
                    .setValues(0)
                    .setVolatile$(false)
                    .setLastWriteTime(0)
                    .setCell(0x20)
                    .setCellGpa(0x5000_0000L + p.length())
                    .setValueList(new ArrayList<>()))
        .setLastWriteTime(noon(written));
  }

  SampleHive text(String path, String name, String text, double written) {
    return value(path, name, "REG_SZ", utf16(text + "\0"), written);
  }

  SampleHive value(String path, String name, String type, byte[] data, double written) {
    remove(path, name);
    key(path, written).getValueList().add(value(name, type, data).build());
    return this;
  }

  static RegistryValue.Builder value(String name, String type, byte[] data) {
    return RegistryValue.newBuilder()
        .setName(name)
        .setType(type)
        .setLength(data.length)
        .setData(ByteBuffer.wrap(data))
        .setCell(0x40);
  }

  static byte[] utf16(String text) {
    return text.getBytes(StandardCharsets.UTF_16LE);
  }

  SampleHive removeValue(String path, String name, double written) {
    remove(path, name);
    key(path, written);
    return this;
  }

  private void remove(String path, String name) {
    key(path, 0).getValueList().removeIf(value -> value.getName().equals(name));
  }

  /** Deletes a key with all below it. */
  SampleHive delete(String path, double written) {
    keys.keySet().removeIf(key -> key.equals(path) || key.startsWith(path + "\\"));
    key(parent(path), written);
    return this;
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('\\')));
  }

  /** The hive and all its keys. */
  List<SpecificRecord> whole() {
    return changed(null, keys.keySet());
  }

  /** The hive, and some keys that changed since a capture. */
  List<SpecificRecord> changed(Long since, Iterable<String> told) {
    List<SpecificRecord> findings = new ArrayList<>();
    findings.add(hive.setKeysSince(since).build());
    Map<String, Integer> subkeys = new HashMap<>();
    keys.keySet().stream()
        .filter(key -> !key.isEmpty())
        .forEach(key -> subkeys.merge(parent(key), 1, Integer::sum));
    for (String path : told) {
      RegistryKeyFinding.Builder key = keys.get(path);
      key.setSubkeys(subkeys.getOrDefault(path, 0)).setValues(key.getValueList().size());
      findings.add(RegistryKeyFinding.newBuilder(key).build()); // A copy: the key goes on.
    }
    return findings;
  }

  /** Values by key, as {@code [name] hex}. */
  Map<String, Map<String, String>> content() {
    Map<String, Map<String, String>> content = new TreeMap<>();
    keys.forEach(
        (path, key) -> {
          Map<String, String> values = new TreeMap<>();
          key.getValueList()
              .forEach(
                  value ->
                      values.put(
                          value.getName(), HexFormat.of().formatHex(value.getData().array())));
          content.put(path, values);
        });
    return content;
  }

  RegistryKeyGone gone(String path) {
    return RegistryKeyGone.newBuilder()
        .setHive(hive.getPath())
        .setHiveVa(hive.getObjectVa())
        .setKey(path)
        .build();
  }
}
