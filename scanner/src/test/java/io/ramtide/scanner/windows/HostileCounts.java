package io.ramtide.scanner.windows;

import io.ramtide.testkit.ProcessTruth;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** Counts, lengths, texts and pointers that no honest guest has. */
final class HostileCounts {
  private static final long USER_VA = 0x7ff6_0000_1000L;

  private HostileCounts() {}

  static Stream<HostileAttack> all() {
    return Stream.of(
        new HostileAttack(
            "counts of 2^32",
            4,
            HostileCounts::counts,
            "ssdt: has 4294967295 services",
            "files: PoolBigPageTable: page not mapped"),
        new HostileAttack(
            "handle tables of three full levels",
            64,
            HostileCounts::handleTables,
            "handles: only the first 65536 pages were read"),
        new HostileAttack(
            "handle tables of nothing but pages",
            64,
            HostileCounts::emptyHandleTables,
            "handles: only the first 65536 pages were read"),
        new HostileAttack("texts of 64 KiB", 8, HostileCounts::texts),
        new HostileAttack(
            "kernel pointers into user space",
            2,
            HostileCounts::userPointers,
            "handles: not a kernel address",
            "vads: which is no kernel object",
            "threads: which is no list entry",
            "kernelModules: which is no list entry"),
        new HostileAttack("pointers that were shuffled", 2, HostileCounts::shuffled));
  }

  private static void counts(HostileImage image) {
    for (ProcessTruth process : image.running()) {
      long token = image.get("EPROCESS", process.objectVa(), "Token") & ~0xfL;
      image.writeInt(token + image.offset("TOKEN", "UserAndGroupCount"), -1);
      image.write(process.objectVa() + image.offset("EPROCESS", "ActiveThreads"), -1);
    }
    image.writeInt(image.symbol("KiServiceLimit"), -1);
    long table = image.take(4096);
    image.write(image.symbol("PoolBigPageTable"), table);
    image.write(image.symbol("PoolBigPageTableSize"), 0xffff_ffffL);
  }

  /** One table for all processes, 2^27 entries of one page. */
  private static void handleTables(HostileImage image) {
    long victim = image.process("lsass.exe").objectVa();
    long own = image.get("HANDLE_TABLE", image.get("EPROCESS", victim, "ObjectTable"), "TableCode");
    long leaf = own & ~3L;
    fill(image, leaf);
  }

  /** Pages without a handle cost as much to walk, and count as none. */
  private static void emptyHandleTables(HostileImage image) {
    fill(image, image.take(4096));
  }

  private static void fill(HostileImage image, long leaf) {
    long top = image.take(4096);
    for (int i = 0; i < 512; i++) {
      long middle = image.take(4096);
      image.write(top + 8L * i, middle);
      for (int k = 0; k < 512; k++) {
        image.write(middle + 8L * k, leaf);
      }
    }
    for (ProcessTruth process : image.running()) {
      long table = image.get("EPROCESS", process.objectVa(), "ObjectTable");
      if (table != 0) {
        image.set("HANDLE_TABLE", table, "TableCode", top | 2);
      }
    }
    long cids = image.read(image.symbol("PspCidTable"));
    image.set("HANDLE_TABLE", cids, "TableCode", top | 2);
  }

  private static void texts(HostileImage image) {
    long text = image.evilText();
    HostileLists.evilParameters(image, image.process("explorer.exe"), text);
    image.truth().files().stream()
        .filter(file -> !file.freed())
        .forEach(
            file ->
                image
                    .memory()
                    .putLong(
                        file.objectGpa() + image.offset("FILE_OBJECT", "FileName"), 0xfffe_fffeL));
    image.truth().files().stream()
        .filter(file -> !file.freed())
        .forEach(
            file ->
                image
                    .memory()
                    .putLong(file.objectGpa() + image.offset("FILE_OBJECT", "FileName") + 8, text));
    image
        .truth()
        .drivers()
        .forEach(
            driver ->
                image.setText(
                    driver.objectVa() + image.offset("DRIVER_OBJECT", "DriverName"), text));
    long head = image.symbol("PsLoadedModuleList");
    for (long entry = image.read(head); entry != head; entry = image.read(entry)) {
      image.setText(entry + image.offset("LDR_DATA_TABLE_ENTRY", "BaseDllName"), text);
      image.setText(entry + image.offset("LDR_DATA_TABLE_ENTRY", "FullDllName"), text);
    }
    for (ProcessTruth process : image.running()) {
      image.write(
          process.objectVa() + image.offset("EPROCESS", "ImageFileName"),
          (byte) 0x1b,
          (byte) '[',
          (byte) '2',
          (byte) 'J',
          (byte) 0x9b,
          (byte) '\n',
          (byte) 0);
    }
  }

  private static void userPointers(HostileImage image) {
    for (ProcessTruth process : image.running()) {
      for (String field : List.of("ObjectTable", "Token", "Session", "VadRoot")) {
        image.set("EPROCESS", process.objectVa(), field, USER_VA);
      }
      image.write(process.objectVa() + image.offset("EPROCESS", "VadRoot") + 16, USER_VA);
      image.set("EPROCESS", process.objectVa(), "Peb", -4096);
      image.lead(process.objectVa() + image.offset("EPROCESS", "ThreadListHead"), USER_VA);
    }
    for (String head : List.of("PsLoadedModuleList", "CallbackListHead", "HandleTableListHead")) {
      image.lead(image.symbol(head), USER_VA);
    }
    for (String pointer : List.of("PspCidTable", "ObpRootDirectoryObject", "PoolBigPageTable")) {
      image.write(image.symbol(pointer), USER_VA);
    }
    image.write(image.symbol("KiNmiCallbackListHead"), USER_VA);
    image.write(image.symbol("PspCreateProcessNotifyRoutine"), USER_VA);
  }

  /** Of what the pool holds, pointers change places: types and lists lead into each other. */
  private static void shuffled(HostileImage image) {
    Random random = new Random(7);
    long end = image.gpa(image.take(4096)) - 0x3000;
    Set<Long> keep = new HashSet<>();
    for (ProcessTruth process : image.running()) {
      keep.add(process.objectGpa() & -4096L);
    }
    long last = -1;
    for (int i = 0; i < 400_000; i++) {
      long gpa = (0x100_0000 + (long) (random.nextDouble() * (end - 0x100_0000))) & ~7L;
      long value = image.memory().readLong(gpa);
      boolean isPoolPointer = value >>> 44 == 0xffff_fL && value != -1;
      if (isPoolPointer && !keep.contains(gpa & -4096L)) {
        if (last > 0) {
          image.memory().putLong(gpa, image.memory().readLong(last));
          image.memory().putLong(last, value);
        }
        last = gpa;
      }
    }
  }
}
