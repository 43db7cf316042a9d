package io.ramtide.scanner.windows;

import io.ramtide.scanner.windows.scan.PoolTag;
import io.ramtide.testkit.ProcessTruth;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Page tables, VAD trees and pool headers that lead everywhere. */
final class HostileTables {
  private static final int FLAGS = 0x67;
  private static final int LARGE = 0x80;

  private HostileTables() {}

  static Stream<HostileAttack> all() {
    return Stream.of(
        new HostileAttack("page tables that map one frame everywhere", 4, HostileTables::oneFrame),
        new HostileAttack(
            "a page table that is its own at every level", 4, HostileTables::ownTable),
        new HostileAttack(
            "large pages over each other",
            64,
            HostileTables::largePages,
            "files: pool: only the first 131072 of"),
        new HostileAttack("page tables of everything", 160, HostileTables::manyTables),
        new HostileAttack(
            "VAD trees that are cycles", 4, HostileTables::vadCycle, "vads: comes back to"),
        new HostileAttack(
            "VAD trees 10^6 deep", 96, HostileTables::deep, "vads: is deeper than 64"),
        new HostileAttack(
            "VAD trees of 10^5 nodes in every process",
            64,
            HostileTables::vadsOfAll,
            "vads: only 262144 nodes of VAD trees were read"),
        new HostileAttack(
            "process headers in every slot",
            64,
            HostileTables::processHeaders,
            "capture: dispatcher header"),
        new HostileAttack(
            "pool headers in every slot",
            160,
            HostileTables::poolHeaders,
            "files: pool: only the first 131072 of",
            "drivers: pool: only the first 131072 of",
            "capture: only the first 131072 of"));
  }

  /** Every free slot of the kernel's half of every root leads to a table. */
  private static void intoFreeSlots(HostileImage image, long table) {
    for (ProcessTruth process : image.running()) {
      long root = process.directoryTableBase() & -4096L;
      for (int slot = 256; slot < 512; slot++) {
        if (image.memory().readLong(root + 8L * slot) == 0) {
          image.memory().putLong(root + 8L * slot, table | FLAGS);
        }
      }
    }
  }

  private static long table(HostileImage image, long entry) {
    long gpa = image.gpa(image.take(4096));
    for (int i = 0; i < 512; i++) {
      image.memory().putLong(gpa + 8L * i, entry);
    }
    return gpa;
  }

  private static void oneFrame(HostileImage image) {
    long page = image.gpa(image.process("System").objectVa()) & -4096L;
    long pages = table(image, page | FLAGS);
    long directory = table(image, pages | FLAGS);
    intoFreeSlots(image, table(image, directory | FLAGS));
  }

  private static void ownTable(HostileImage image) {
    long table = image.gpa(image.take(4096));
    for (int i = 0; i < 512; i++) {
      image.memory().putLong(table + 8L * i, table | FLAGS);
    }
    intoFreeSlots(image, table);
  }

  /** 1 GiB and 2 MiB at a time, all of them over the guest's memory, which is full of headers. */
  private static void largePages(HostileImage image) {
    long gigabytes = table(image, FLAGS | LARGE);
    intoFreeSlots(image, gigabytes);
    long megabytes = table(image, 0);
    for (int i = 0; i < 512 && image.left() > 16 << 20; i++) {
      image.memory().putLong(megabytes + 8L * i, table(image, FLAGS | LARGE) | FLAGS);
    }
    for (ProcessTruth process : image.running()) {
      long root = process.directoryTableBase() & -4096L;
      int first = 256;
      while (image.memory().readLong(root + 8L * first) != (gigabytes | FLAGS)) {
        first++;
      }
      image.memory().putLong(root + 8L * first, megabytes | FLAGS);
    }
    fillWithHeaders(image, image.left() & -4096L);
  }

  /** As many distinct tables as there is room, each of the last level full of distinct pages. */
  private static void manyTables(HostileImage image) {
    fillWithHeaders(image, 16 << 20);
    long level3 = table(image, 0);
    for (int i = 0; i < 512 && image.left() > 4 << 20; i++) {
      long level2 = table(image, 0);
      image.memory().putLong(level3 + 8L * i, level2 | FLAGS);
      for (int k = 0; k < 512 && image.left() > 1 << 20; k++) {
        image.memory().putLong(level2 + 8L * k, table(image, 0x1000L * (k + i) | FLAGS) | FLAGS);
      }
    }
    intoFreeSlots(image, level3);
  }

  private static void vadCycle(HostileImage image) {
    for (ProcessTruth process : image.running()) {
      long root = root(image, process);
      if (root != 0) {
        image.write(root + left(image), root);
        image.write(root + left(image) + 8, root);
      }
    }
  }

  private static boolean isTable(HostileImage image) {
    return image.guest().layout().has("MM_AVL_TABLE");
  }

  private static long rootAt(HostileImage image, ProcessTruth process) {
    long tree = process.objectVa() + image.offset("EPROCESS", "VadRoot");
    return isTable(image)
        ? tree
            + image.offset("MM_AVL_TABLE", "BalancedRoot")
            + image.offset("MMADDRESS_NODE", "RightChild")
        : tree + image.offset("RTL_AVL_TREE", "Root");
  }

  private static long root(HostileImage image, ProcessTruth process) {
    return image.read(rootAt(image, process));
  }

  private static int left(HostileImage image) {
    return isTable(image)
        ? image.offset("MMVAD_SHORT", "LeftChild")
        : image.offset("MMVAD_SHORT", "VadNode") + image.offset("RTL_BALANCED_NODE", "Left");
  }

  private static void deep(HostileImage image) {
    ProcessTruth victim = image.process("explorer.exe");
    vadChain(image, victim, 1_000_000, false);
  }

  private static void vadsOfAll(HostileImage image) {
    ProcessTruth victim = image.process("explorer.exe");
    vadChain(image, victim, 100_000, true);
    long root = root(image, victim);
    for (ProcessTruth process : image.running()) {
      image.write(rootAt(image, process), root);
    }
  }

  /** A tree of executable private regions: as a chain, or balanced. */
  static void vadChain(HostileImage image, ProcessTruth process, int nodes, boolean balanced) {
    long model = root(image, process);
    int size = balanced ? -(-image.size("MMVAD_SHORT") & -16) : 48;
    int count = (int) Math.min(nodes, (image.left() * 2 / 3) / size);
    long first = image.take((long) count * size + 4096);
    long gpa = image.gpa(first);
    int left = left(image);
    int bits = image.offset("MMVAD_SHORT", "u");
    int start = image.offset("MMVAD_SHORT", "StartingVpn");
    int end = image.offset("MMVAD_SHORT", "EndingVpn");
    for (int i = 0; i < count; i++) {
      long at = gpa + (long) i * size;
      if (balanced) {
        for (int k = 0; k < size; k += 8) {
          image.memory().putLong(at + k, image.read(model + k));
        }
        image.memory().putInt(at + start, 0x1000 + i);
        image.memory().putInt(at + end, 0x1000 + i + (1 << 24));
        image.memory().putInt(at + bits, image.executablePrivate());
      }
      long one = balanced ? 2L * i + 1 : i + 1;
      long two = balanced ? 2L * i + 2 : count;
      image.memory().putLong(at + left, one < count ? first + one * size : 0);
      image.memory().putLong(at + left + 8, two < count ? first + two * size : 0);
    }
    image.write(rootAt(image, process), first);
  }

  private static void processHeaders(HostileImage image) {
    long object = image.process("System").objectVa();
    int header = (int) image.read(object);
    long bytes = image.left() & -4096L;
    long gpa = image.gpa(image.take(bytes));
    for (long at = gpa; at < gpa + bytes; at += 16) {
      image.memory().putLong(at, header & 0xff_ffffL);
      image.memory().putLong(at + 8, object);
    }
  }

  private static void poolHeaders(HostileImage image) {
    fillWithHeaders(image, image.left() & -4096L);
  }

  /** Blocks in use, of every kind, one behind the other; each may hold an object's header. */
  private static void fillWithHeaders(HostileImage image, long bytes) {
    List<Integer> tags = new ArrayList<>();
    PoolTag.all().forEach(tag -> tags.add(tag.value(image.truth().build())));
    long gpa = image.gpa(image.take(bytes));
    long object = image.process("System").objectVa();
    int next = 0;
    for (long at = gpa; at < gpa + bytes; at += 16) {
      long header = 0x0250_0010L | (long) tags.get(next++ % tags.size()) << 32;
      image.memory().putLong(at, header);
      image.memory().putLong(at + 8, object);
    }
  }
}
