package io.ramtide.testkit.windows.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.testkit.windows.JsonFacts;
import io.ramtide.testkit.windows.hive.HiveSource;
import io.ramtide.testkit.windows.hive.Storage;
import io.ramtide.testkit.windows.key.SimHive;
import io.ramtide.testkit.windows.key.SimKey;
import io.ramtide.testkit.windows.key.ValueType;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.LongSupplier;

/** Fills a registry with what {@code registry.json} says, as it is after a start and a log-on. */
final class RegistryContent {

  private static final long DAY = 86_400L * 10_000_000;
  private static final int OLDEST_DAYS = 400;
  private static final int FREE_BIN = 64 << 10;
  private static final JsonNode HIVES = JsonFacts.load("registry.json").at("/hives");

  private final Registry registry;
  private final String sid;
  private final Random random;
  private final long now;

  private RegistryContent(Registry registry, String sid, Random random, long now) {
    this.registry = registry;
    this.sid = sid;
    this.random = random;
    this.now = now;
  }

  /**
   * Boots a registry.
   *
   * @param sid SID of the user who logged on
   * @param bulkKeys further keys, each with so many values, below SOFTWARE\Bulk
   */
  static Registry boot(
      HiveLoader loader,
      LongSupplier clock,
      String sid,
      int bulkKeys,
      int bulkValues,
      Random random) {
    Registry registry = new Registry(loader, clock);
    RegistryContent content = new RegistryContent(registry, sid, random, clock.getAsLong());
    for (JsonNode hive : HIVES) {
      content.load(hive);
    }
    SimHive software = registry.hive("\\REGISTRY\\MACHINE\\SOFTWARE");
    TypeSamples.write(software, software.root.child("Types"), random, content.now);
    BulkKeys.write(software, bulkKeys, bulkValues, content.now);
    registry.forEachHive(content::finish);
    return registry;
  }

  private void load(JsonNode json) {
    String path = text(json.get("path"));
    boolean hasFile = json.has("file");
    SimHive hive =
        registry.mount(
            new HiveSource(
                path,
                hasFile ? text(json.get("file")) : null,
                hasFile ? text(json.get("fullPath")) : null,
                text(json.get("root")),
                json.get("minorVersion").asInt()),
            text(json.get("owner")));
    Storage stable = hive.cells.storage(false);
    int count = 0;
    int half = json.get("keys").size() / 2;
    for (var key : json.get("keys").properties()) {
      if (count++ == half) {
        stable.reserve(json.get("freeBins").asInt(), FREE_BIN, now);
      }
      key(hive, key.getKey().replace("{sid}", sid), key.getValue());
    }
    stable.release();
    for (JsonNode name : json.get("deleted")) {
      delete(hive, path + "\\" + name.asText());
    }
  }

  private void key(SimHive hive, String path, JsonNode json) {
    String owner = json.has("@owner") ? text(json.get("@owner")) : null;
    String full = hive.source.path() + "\\" + path;
    SimKey key = registry.make(full, json.has("@volatile"), owner, now);
    for (var value : json.properties()) {
      String name = value.getKey();
      switch (name) {
        case "@owner", "@volatile" -> {}
        case "@class" -> hive.className(key, text(value.getValue()), now);
        case "@list" -> key.listKind = text(value.getValue());
        case "@link" -> hive.link(key, text(value.getValue()), now);
        default -> value(hive, key, name, value.getValue());
      }
    }
  }

  private void value(SimHive hive, SimKey key, String name, JsonNode json) {
    if (json.isTextual()) {
      set(hive, key, name, "REG_SZ", utf16(text(json) + "\0"));
    } else if (json.isNumber()) {
      set(hive, key, name, "REG_DWORD", number(json.asLong(), Integer.BYTES));
    } else if (json.isArray()) {
      StringBuilder all = new StringBuilder();
      json.forEach(one -> all.append(one.asText()).append('\0'));
      set(hive, key, name, "REG_MULTI_SZ", utf16(all.append('\0').toString()));
    } else {
      var typed = json.properties().iterator().next();
      typed(hive, key, name, typed.getKey(), typed.getValue());
    }
  }

  private void typed(SimHive hive, SimKey key, String name, String type, JsonNode json) {
    switch (type) {
      case "@fill" -> {
        byte[] noise = new byte[json.asInt()];
        random.nextBytes(noise);
        set(hive, key, name, "REG_BINARY", noise);
      }
      case "REG_EXPAND_SZ" -> set(hive, key, name, type, utf16(text(json) + "\0"));
      case "REG_DWORD" -> set(hive, key, name, type, number(JsonFacts.number(json), 4));
      case "REG_QWORD" -> set(hive, key, name, type, number(JsonFacts.number(json), 8));
      default -> set(hive, key, name, type, HexFormat.of().parseHex(json.asText()));
    }
  }

  private void set(SimHive hive, SimKey key, String name, String type, byte[] data) {
    hive.set(key, name, ValueType.number(type), data, now);
  }

  /** Makes a key with a value and deletes it, so that it is left over in free cells. */
  private void delete(SimHive hive, String path) {
    SimKey key = registry.make(path, false, null, now);
    hive.set(key, "ImagePath", 1, utf16("C:\\Windows\\Temp\\setup.exe\0"), now);
    hive.delete(key, now);
  }

  /** Dates what the files had before the start, and puts everything into RAM. */
  private void finish(SimHive hive) {
    date(hive, hive.root);
    hive.flush();
  }

  private void date(SimHive hive, SimKey key) {
    if (!hive.source.inMemoryOnly() && !key.isVolatile) {
      hive.date(key, now - 1 - (long) (random.nextDouble() * OLDEST_DAYS * DAY));
    }
    key.children.values().forEach(child -> date(hive, child));
  }

  private String text(JsonNode json) {
    return json.asText().replace("{sid}", sid);
  }

  static byte[] utf16(String text) {
    return text.getBytes(StandardCharsets.UTF_16LE);
  }

  static byte[] number(long value, int bytes) {
    byte[] data = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      data[i] = (byte) (value >>> (8 * i));
    }
    return data;
  }
}
