package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryValue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and values, as other tools print them. */
class ReferenceRegistryPeersTest {
  /** Bytes of each value that the saved output of MemProcFS has. */
  private static final int SAVED_BYTES = 200;

  @TempDir Path folder;

  /**
   * Every key but the roots of hives, every value, in either direction. Differences, by rule: names
   * beyond 8 bits ({@link PrintedValue#latin1}), data of REG_NONE, big data up to 16,384 bytes.
   */
  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void keysAndValues_areThoseVolatility3Prints(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.decoded(image, folder, What.hives, What.registry);
    List<String> expected = new ArrayList<>();
    rows(reference.volatility("registry.printkey"), expected);

    List<String> found = new ArrayList<>();
    Map<String, String> hives = new HashMap<>();
    for (HiveFinding hive : reference.all(HiveFinding.class)) {
      hives.put(hive.getPath(), ReferenceHivePeersTest.nameIn(hive, "[NONAME]"));
    }
    for (RegistryKeyFinding key : reference.all(RegistryKeyFinding.class)) {
      String hive = hives.get(key.getHive());
      String path = key.getKey().isEmpty() ? hive : hive + "\\" + key.getKey();
      if (!key.getKey().isEmpty()) {
        int name = path.lastIndexOf('\\');
        found.add(row(key, path.substring(0, name), path.substring(name + 1), "Key", ""));
      }
      for (RegistryValue value : key.getValueList()) {
        String name = value.getName().isEmpty() ? "(Default)" : value.getName();
        found.add(row(key, path, name, value.getType(), PrintedValue.volatility3(value)));
      }
    }

    assertThat(found).hasSize(675).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static void rows(JsonNode level, List<String> rows) {
    for (JsonNode row : level) {
      String data = row.path("Data").asText();
      rows.add(
          "%x %s | %s | %s %s %s %s"
              .formatted(
                  row.path("Hive Offset").asLong(),
                  row.path("Key").asText(),
                  row.path("Name").asText(),
                  row.path("Type").asText(),
                  Instant.parse(row.path("Last Write Time").asText().replace("+00:00", "Z")),
                  row.path("Volatile").asBoolean(),
                  data.startsWith("\"\n64 62 02 00 ") ? '"' + PrintedValue.RECORD + '"' : data));
      rows(row.path("__children"), rows);
    }
  }

  private static String row(
      RegistryKeyFinding key, String path, String name, String type, String data) {
    String printedPath =
        Arrays.stream(path.split("\\\\", -1))
            .map(PrintedValue::latin1)
            .collect(Collectors.joining("\\"));
    return "%x %s | %s | %s %s %s %s"
        .formatted(
            ReferenceHivePeersTest.offset(key.getHiveVa()),
            printedPath,
            PrintedValue.latin1(name),
            type,
            ReferenceImage.second(key.getLastWriteTime()),
            key.getVolatile$(),
            data);
  }

  /** The whole text, but for the order of values, which is not in our findings. */
  @ParameterizedTest
  @CsvSource({
    "SYSTEM, ControlSet001\\Services\\Spooler",
    "SYSTEM, VolatileState",
    "SOFTWARE, Types",
    "SOFTWARE, Microsoft\\Windows\\CurrentVersion\\Run",
    "ntuser.dat, Software\\Microsoft\\Windows\\CurrentVersion\\Run"
  })
  void key_isAsVolatility2PrintsIt(String file, String key) throws IOException {
    ReferenceImage reference =
        ReferenceImage.decoded("win7sp1-reference", folder, What.hives, What.registry);
    String[] printed =
        reference
            .text("peers/vol2.printkey." + key.replace('\\', '_') + ".txt")
            .split("Values:\n", 2);

    HiveFinding hive =
        reference.all(HiveFinding.class).stream()
            .filter(one -> ReferenceHivePeersTest.nameIn(one, "").endsWith("\\" + file))
            .findAny()
            .orElseThrow();
    List<RegistryKeyFinding> keys =
        reference.all(RegistryKeyFinding.class).stream()
            .filter(one -> one.getHive().equals(hive.getPath()))
            .toList();
    RegistryKeyFinding found =
        keys.stream().filter(one -> one.getKey().equals(key)).findAny().orElseThrow();

    assertThat(printed[0]).isEqualTo(head(hive, found, keys));
    assertThat(printed[1].split("(?md)^(?=REG_)", -1))
        .extracting(
            line ->
                line.replaceFirst(
                    "(?s)\n0x00000000  64 62 02 00 .*", "\n" + PrintedValue.RECORD + "\n"))
        .containsExactlyInAnyOrderElementsOf(
            found.getValueList().stream().map(ReferenceRegistryPeersTest::line).toList());
  }

  private static String head(
      HiveFinding hive, RegistryKeyFinding found, List<RegistryKeyFinding> keys) {
    StringBuilder subkeys = new StringBuilder();
    for (RegistryKeyFinding key : keys) {
      int name = key.getKey().lastIndexOf('\\');
      if (name > 0 && key.getKey().substring(0, name).equals(found.getKey())) {
        subkeys.append(
            "  %s %s\n".formatted(storage(key.getCell()), key.getKey().substring(name + 1)));
      }
    }
    return """
        Legend: (S) = Stable   (V) = Volatile

        ----------------------------
        Registry: %s
        Key name: %s %s
        Last updated: %s UTC+0000

        Subkeys:
        %s
        """
        .formatted(
            ReferenceHivePeersTest.nameIn(hive, ""),
            found.getKey().substring(found.getKey().lastIndexOf('\\') + 1),
            storage(found.getCell()),
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss")
                .withZone(ZoneOffset.UTC)
                .format(ReferenceImage.second(found.getLastWriteTime())),
            subkeys);
  }

  private static String line(RegistryValue value) {
    return "%-13s %-15s : %s %s\n"
        .formatted(
            value.getType(),
            PrintedValue.latin1(value.getName()),
            storage(value.getCell()),
            PrintedValue.volatility2(value));
  }

  private static String storage(long cell) {
    return (cell & 0x8000_0000L) == 0 ? "(S)" : "(V)";
  }

  /** Five keys with their full times, and the raw data of their values, {@code over} too. */
  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void keysAndValues_areThoseMemProcFsGives(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.decoded(image, folder, What.registry);
    List<String> expected = new ArrayList<>();
    JsonNode keys = reference.json("peers/memprocfs.json").path("reg");
    for (JsonNode key : keys) {
      String path = key.path("path").asText().replaceFirst("^HKLM", "\\\\REGISTRY\\\\MACHINE");
      expected.add(path + " " + key.path("time").asLong());
      key.path("subkeys").forEach(name -> expected.add(path + " has " + name.asText()));
      for (Map.Entry<String, JsonNode> value : key.path("values").properties()) {
        expected.add(
            memProcFs(
                path,
                value.getKey(),
                value.getValue().path(0).asInt(),
                value.getValue().path(1).asLong(),
                value.getValue().path(2).asText()));
      }
    }

    List<String> found = new ArrayList<>();
    for (RegistryKeyFinding key : reference.all(RegistryKeyFinding.class)) {
      String path = key.getHive() + "\\" + key.getKey();
      int name = path.lastIndexOf('\\');
      if (expected.stream().anyMatch(line -> line.startsWith(path.substring(0, name) + " has "))) {
        found.add(path.substring(0, name) + " has " + path.substring(name + 1));
      }
      if (expected.contains(path + " " + key.getLastWriteTime())) {
        found.add(path + " " + key.getLastWriteTime());
        for (RegistryValue value : key.getValueList()) {
          found.add(
              memProcFs(
                  path,
                  value.getName().isEmpty() ? "(Default)" : value.getName(),
                  PrintedValue.type(value),
                  value.getLength(),
                  HexFormat.of().formatHex(PrintedValue.data(value))));
        }
      }
    }

    assertThat(keys).hasSize(5);
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static String memProcFs(String key, String name, int type, long length, String data) {
    String begin = data.substring(0, Math.min(2 * SAVED_BYTES, data.length()));
    return "%s | %s %d %d %s".formatted(key, name, type, length, begin);
  }
}
