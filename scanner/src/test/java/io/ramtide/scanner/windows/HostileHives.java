package io.ramtide.scanner.windows;

import io.ramtide.testkit.truth.HiveTruth;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Lists of hives, hives and their maps that loop, lie, and are too many. */
final class HostileHives {
  /** Of a block in use, of 4080 bytes. */
  private static final int HEADER = 0x02ff_0001;

  private HostileHives() {}

  static Stream<HostileAttack> all() {
    return Stream.of(
        new HostileAttack(
                "hive list that bites its tail",
                2,
                HostileHives::listCycle,
                "hives: hiveList: Flink of",
                "hives: not to the head")
            .sparing("SYSTEM", "SOFTWARE", "SAM"),
        new HostileAttack(
                "hive list into user space",
                2,
                image -> image.lead(image.symbol("CmpHiveListHead"), userVa(image)),
                "hives: hiveList: Flink of",
                "hives: which is no list entry")
            .sparing("SYSTEM", "SOFTWARE", "SAM"),
        new HostileAttack(
                "endless hive list",
                32,
                HostileHives::endlessList,
                "hives: hiveList: more than 4096 entries",
                "hives: entries are no hives")
            .sparing("SYSTEM", "SOFTWARE", "SAM"),
        new HostileAttack(
                "10,000 hives on the list with names of 64 KiB that share storages of 2 GiB",
                96,
                HostileHives::manyHives,
                "hives: more than 4096 entries",
                "hives: only the first 4096 of",
                "registry: there are more than 1048576 in all")
            .sparing("SYSTEM", "SOFTWARE", "SAM"),
        new HostileAttack(
                "hive tags and signatures in every slot",
                48,
                HostileHives::tags,
                "hives: pool: only the first 131072 of",
                "hives: headerScan: ")
            .sparing("SYSTEM", "SOFTWARE", "SAM"),
        new HostileAttack(
                "hive maps that are cycles",
                8,
                HostileHives::mapCycles,
                "registry: its map is broken",
                "registry: its map has one table only")
            .sparing("SYSTEM", "SOFTWARE", "SAM"),
        new HostileAttack(
                "lengths of storages that lie",
                2,
                HostileHives::lengths,
                "hives: only the first",
                "registry: outside the hive")
            .sparing("SYSTEM", "SECURITY", "DEFAULT"));
  }

  private static long userVa(HostileImage image) {
    return HostileImage.inUserSpace(image.take(4096));
  }

  private static long entry(HostileImage image, HiveTruth hive) {
    return hive.objectVa() + image.offset("CMHIVE", "HiveList");
  }

  private static void listCycle(HostileImage image) {
    List<HiveTruth> hives = image.truth().hives();
    long second = entry(image, hives.get(1));
    image.lead(second, second);
    long third = entry(image, hives.get(2));
    image.write(third + 8, third);
  }

  private static void endlessList(HostileImage image) {
    image.lead(image.symbol("CmpHiveListHead"), image.longList(1 << 20, 16));
  }

  /** Each is a copy of one, in a block of its own, and linked soundly. */
  private static void manyHives(HostileImage image) {
    ForgedHive model = new ForgedHive(image, 64);
    long text = image.evilText();
    for (String field : List.of("HiveRootPath", "FileUserName", "FileFullPath")) {
      image.setText(model.va + image.offset("CMHIVE", field), text);
    }
    model.map(0, 1 << 15, block -> block % 64);
    model.length(0, -1);
    int size = -(-image.size("CMHIVE") & -16) + 16;
    byte[] hive = image.bytes(model.va, image.size("CMHIVE"));
    int count = (int) Math.min(10_000, image.left() / size);
    long first = image.take((long) count * size) + 16;
    long gpa = image.gpa(first);
    int link = image.offset("CMHIVE", "HiveList");
    long before = model.va + link;
    long after = image.read(before);
    for (int i = 0; i < count; i++) {
      long at = gpa + (long) i * size;
      image.memory().putInt(at - 16, HEADER);
      image.memory().put(at - 12, "CM10".getBytes(StandardCharsets.US_ASCII));
      image.memory().put(at, hive);
      image.memory().putLong(at + link, i == count - 1 ? after : first + (i + 1L) * size + link);
      image.memory().putLong(at + link + 8, i == 0 ? before : first + (i - 1L) * size + link);
    }
    image.write(before, first + link);
    image.write(after + 8, first + (count - 1L) * size + link);
  }

  private static void tags(HostileImage image) {
    long bytes = image.left() & -4096L;
    long first = image.take(bytes);
    long gpa = image.gpa(first);
    for (long at = 0; at < bytes; at += 32) {
      image.memory().putLong(gpa + at, 0x3031_4d43_02f0_0001L);
      image.memory().putLong(gpa + at + 8, first);
      image.memory().putLong(gpa + at + 16, 0xbee0_bee0L);
      image.memory().putLong(gpa + at + 24, first + at);
    }
  }

  private static void mapCycles(HostileImage image) {
    long oneTable = mapped(image, "\\REGISTRY\\MACHINE\\A");
    long directory = image.get("DUAL", oneTable, "Map");
    for (int i = 1; i < 512; i++) {
      image.write(directory + 8L * i, image.read(directory));
    }
    long ownTable = mapped(image, "\\REGISTRY\\MACHINE\\B");
    long own = image.get("DUAL", ownTable, "Map");
    for (int i = 1; i < 512; i++) {
      image.write(own + 8L * i, own);
    }
    long small = mapped(image, "\\REGISTRY\\MACHINE\\C");
    image.set("DUAL", small, "SmallDir", image.read(image.get("DUAL", small, "Map")));
    image.set("DUAL", small, "Map", small + image.offset("DUAL", "SmallDir"));
  }

  /** DUAL of a hive of 1024 blocks whose root has a list behind the first table's. */
  private static long mapped(HostileImage image, String path) {
    ForgedHive hive = new ForgedHive(image, 2);
    hive.name(path);
    hive.map(0, 1024, block -> Math.min(block, 1));
    hive.subkeys(hive.root, 1, 600 * ForgedHive.BLOCK + 0x20);
    return ForgedHive.dual(image, hive.va, 0);
  }

  private static void lengths(HostileImage image) {
    int[] lies = {-1, 0, 1 << 31};
    String[] hives = {"SOFTWARE", "SAM", "HARDWARE"};
    for (int i = 0; i < lies.length; i++) {
      HiveTruth hive = ForgedHive.hive(image, "\\REGISTRY\\MACHINE\\" + hives[i]);
      for (int storage = 0; storage < 2; storage++) {
        long dual = ForgedHive.dual(image, hive.objectVa(), storage);
        image.writeInt(dual + image.offset("DUAL", "Length"), lies[i]);
      }
    }
  }
}
