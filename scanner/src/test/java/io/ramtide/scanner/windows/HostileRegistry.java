package io.ramtide.scanner.windows;

import io.ramtide.testkit.truth.HiveTruth;
import io.ramtide.testkit.truth.KeyTruth;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Cells of hives that lead everywhere, and share what costs most. */
final class HostileRegistry {
  private static final int DATA = 16_344;
  private static final int CHILD_HIVE = 0x1c;
  private static final int OF_ONE = 60_000;

  private HostileRegistry() {}

  static Stream<HostileAttack> all() {
    return Stream.of(
        new HostileAttack(
                "key trees 10^5 deep, and cycles",
                16,
                HostileRegistry::deep,
                "registry: deeper than 512 levels",
                "registry: listed twice")
            .sparing("SYSTEM", "SOFTWARE", "SAM"),
        new HostileAttack(
                "lists of lists that all share one",
                4,
                HostileRegistry::sharedLists,
                "registry: left out: its lists have more entries than it has room for")
            .sparing("SYSTEM", "SOFTWARE", "SAM"),
        new HostileAttack(
                "two GiB of keys, values and lists in 256 KiB",
                48,
                HostileRegistry::aliases,
                "registry: left out: ")
            .sparing("SYSTEM", "SOFTWARE", "SAM"),
        new HostileAttack(
                "sizes of cells and counts that lie",
                2,
                HostileRegistry::sizes,
                "registry: its size cannot be",
                "registry: its size reaches beyond")
            .sparing("SYSTEM", "SAM"),
        new HostileAttack(
                "65,536 values of 16 MiB that share one cell, in 1,000 keys",
                8,
                HostileRegistry::sharedData,
                "registry: left out: its lists have more entries")
            .sparing("SYSTEM", "SOFTWARE", "SAM"),
        new HostileAttack(
                "names, times and links that no key has", 16, HostileRegistry::names, "registry: ")
            .sparing("SYSTEM", "SOFTWARE", "SAM"),
        new HostileAttack(
                "an owner for each of a million keys", 160, HostileRegistry::owners, "registry: ")
            .sparing("SYSTEM", "SOFTWARE", "SAM"));
  }

  private static void deep(HostileImage image) {
    ForgedHive hive = new ForgedHive(image, 3000);
    int key = hive.root;
    for (int i = 0; i < 100_000; i++) {
      int next = hive.key(key, "k");
      hive.subkeys(key, 1, hive.list("li", next));
      key = next;
    }
    ForgedHive cycle = new ForgedHive(image, 2);
    cycle.name("\\REGISTRY\\MACHINE\\CYCLE");
    int a = cycle.key(cycle.root, "a");
    int b = cycle.key(cycle.root, "b");
    int all = cycle.list("li", a, b, cycle.root);
    for (int each : new int[] {cycle.root, a, b}) {
      cycle.subkeys(each, 3, all);
    }
  }

  private static void sharedLists(HostileImage image) {
    ForgedHive hive = new ForgedHive(image, 200);
    int index = lists(hive, 60_000);
    int[] keys = new int[1000];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = hive.key(hive.root, "k" + i);
      hive.subkeys(keys[i], -1, index);
    }
    hive.subkeys(hive.root, keys.length, hive.list("li", keys));
    int own = hive.list("ri", new int[100]);
    for (int i = 0; i < 100; i++) {
      hive.put(own, 4 + 4 * i, own);
    }
    hive.subkeys(keys[1], -1, own);
  }

  /** A list of so many lists, that are one, of so many keys, that are the root. */
  private static int lists(ForgedHive hive, int entries) {
    int[] same = new int[entries];
    Arrays.fill(same, hive.root);
    Arrays.fill(same, hive.list("li", same));
    return hive.list("ri", same);
  }

  /** Every 64 blocks are the first 64 again, so that each cell is in 8,192 places. */
  private static void aliases(HostileImage image) {
    ForgedHive hive = new ForgedHive(image, 64);
    int value = hive.value("v", 3, 1 << 20, big(hive, 64));
    int values = hive.numbers(IntStream.range(0, 1000).map(i -> value).toArray());
    int first = hive.key(hive.root, "k");
    hive.values(first, 1000, values);
    int places = 1 << 13;
    int[] lists = new int[8];
    for (int list = 0; list < lists.length; list++) {
      int at = list;
      lists[list] =
          hive.list(
              "li",
              IntStream.range(0, 1024)
                  .map(i -> first + (at * 1024 + i) * 64 * ForgedHive.BLOCK)
                  .toArray());
    }
    int[] index = new int[10_000];
    Arrays.setAll(index, i -> lists[i % 8] + i % places * 64 * ForgedHive.BLOCK);
    int all = hive.list("ri", index);
    hive.subkeys(hive.root, -1, all);
    hive.subkeys(first, -1, all);
    hive.map(0, 1 << 19, block -> block % 64);
  }

  /** Big data (db) of so many segments that are one. */
  private static int big(ForgedHive hive, int segments) {
    int segment = hive.alloc(DATA);
    int[] all = new int[segments];
    Arrays.fill(all, segment);
    int list = hive.numbers(all);
    int big = hive.alloc(12);
    hive.put(big, 0, "db");
    hive.put(big, 2, (short) segments);
    hive.put(big, 4, list);
    return big;
  }

  private static void sizes(HostileImage image) {
    int[] sizes = {
      0, 1, -1, -8, 8, Integer.MAX_VALUE, Integer.MIN_VALUE, -(1 << 20), -(1 << 20) - 8, -4096
    };
    int[] counts = {-1, 1 << 31, 0, Integer.MAX_VALUE, 65_536};
    HiveTruth hive = ForgedHive.hive(image, ForgedHive.MODEL);
    int i = 0;
    for (KeyTruth key : hive.keys()) {
      i++;
      if (i % 3 == 0) {
        image.memory().putInt(key.cellGpa() - 4, sizes[i / 3 % sizes.length]);
      } else if (i % 3 == 1) {
        int count = counts[i / 3 % counts.length];
        image.memory().putInt(key.cellGpa() + ForgedHive.COUNT, count);
        image.memory().putInt(key.cellGpa() + ForgedHive.COUNT + 4, count);
        image.memory().putInt(key.cellGpa() + ForgedHive.VALUE_COUNT, count);
      }
    }
  }

  private static void sharedData(HostileImage image) {
    ForgedHive hive = new ForgedHive(image, 300);
    int value = hive.value("v", 3, 16 << 20, big(hive, 1027));
    int values = hive.numbers(IntStream.range(0, 65_536).map(i -> value).toArray());
    int[] keys = new int[1000];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = hive.key(hive.root, "k" + i);
      hive.values(keys[i], 65_536, values);
    }
    hive.subkeys(hive.root, keys.length, hive.list("li", keys));
  }

  private static void names(HostileImage image) {
    ForgedHive hive = new ForgedHive(image, 2000);
    byte[] text = image.bytes(image.evilText(), 1 << 16);
    int[] keys = new int[2000];
    for (int i = 0; i < keys.length; i++) {
      byte[] name = Arrays.copyOfRange(text, 2 * i, 2 * i + (i % 100 == 0 ? 0xfffe : i % 50));
      keys[i] =
          hive.key(
              hive.root,
              i % 7 == 0 ? "a\\b\\".getBytes(StandardCharsets.US_ASCII) : name,
              i % 2 == 0);
      hive.put(keys[i], 4, -1);
      hive.put(keys[i], 8, i % 3 == 0 ? -1 : Integer.MAX_VALUE);
      hive.put(keys[i], 0x4a, (short) -2);
      hive.put(keys[i], 0x30, keys[i]);
      hive.put(keys[i], ForgedHive.SECURITY, keys[i]);
      if (i % 5 == 0) {
        link(hive, keys[i], "\\REGISTRY\\MACHINE\\FORGED\\" + (i + 5));
      }
      if (i % 11 == 0) { // Stands for the root of a hive: its own.
        hive.put(keys[i], 2, (short) 0x02);
        hive.put(keys[i], CHILD_HIVE, (int) hive.va);
        hive.put(keys[i], CHILD_HIVE + 4, (int) (hive.va >>> 32));
      }
    }
    hive.subkeys(hive.root, keys.length, hive.list("li", keys));
  }

  private static void link(ForgedHive hive, int key, String target) {
    byte[] text = target.getBytes(StandardCharsets.UTF_16LE);
    int data = hive.alloc(text.length);
    hive.put(data, 0, text);
    hive.put(key, 2, (short) 0x10);
    int value = hive.value("SymbolicLinkValue", 6, text.length, data);
    hive.values(key, 1, hive.numbers(value));
  }

  /** Each key has a descriptor (sk) with a SID of fifteen parts. */
  private static void owners(HostileImage image) {
    ForgedHive hive = new ForgedHive(image, (int) (image.left() / ForgedHive.BLOCK) - 512);
    int perKey = 0x58 + 0x70 + 8;
    int count = Math.min(1_000_000, (hive.left() - (8 << 20)) / perKey);
    int[] parents = new int[(count + OF_ONE - 1) / OF_ONE];
    for (int parent = 0; parent < parents.length; parent++) {
      parents[parent] = hive.key(hive.root, "%04x".formatted(parent));
      int[] keys = new int[Math.min(OF_ONE, count - parent * OF_ONE)];
      for (int i = 0; i < keys.length; i++) {
        keys[i] = hive.key(parents[parent], "%06x".formatted(i));
        hive.put(keys[i], ForgedHive.SECURITY, security(hive, i));
      }
      hive.subkeys(parents[parent], keys.length, hive.list("li", keys));
    }
    hive.subkeys(hive.root, parents.length, hive.list("li", parents));
  }

  private static int security(ForgedHive hive, int number) {
    int security = hive.alloc(0x14 + 0x14 + 8 + 60);
    hive.put(security, 0, "sk");
    hive.put(security, 0x10, Integer.MAX_VALUE);
    hive.put(security, 0x14 + 4, 0x14);
    hive.put(security, 0x28, (byte) 1, (byte) 15, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
    for (int part = 0; part < 15; part++) {
      hive.put(security, 0x30 + 4 * part, -1 - number);
    }
    return security;
  }
}
