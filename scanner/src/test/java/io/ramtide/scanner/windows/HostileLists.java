package io.ramtide.scanner.windows;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.testkit.ProcessTruth;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** Lists that never end: cycles, and chains longer than any walk should be. */
final class HostileLists {
  private static final int ENDLESS = 1 << 20;
  private static final int ENTRY = 16;
  private static final String VICTIM = "explorer.exe";

  private HostileLists() {}

  static Stream<HostileAttack> all() {
    return Stream.of(
        new HostileAttack(
            "active list that bites its tail",
            2,
            HostileLists::activeListCycle,
            "list: comes back to"),
        new HostileAttack(
            "20,000 processes that share all they have",
            160,
            HostileLists::manyProcesses,
            "list: has more than 16384 entries",
            "capture: more processes by scan were left out",
            "vads: only 262144 nodes of VAD trees were read",
            "modules: only 262144 entries of loader lists were walked",
            "environment: only the first 256 MiB",
            "handles: another process's too"),
        new HostileAttack(
            "thread lists that bite their tails",
            2,
            HostileLists::threadCycle,
            "threads: leads back to"),
        new HostileAttack(
            "endless thread lists of every process",
            32,
            HostileLists::endlessThreads,
            "threads: only 262144 entries of thread lists were walked"),
        new HostileAttack(
            "50,000 threads in a module with a long name",
            160,
            HostileLists::namedThreads,
            "modules: only the first 4096 entries were taken"),
        new HostileAttack(
            "cycle of kernel modules",
            2,
            HostileLists::moduleCycle,
            "kernelModules: leads back to"),
        new HostileAttack(
            "endless list of kernel modules",
            32,
            HostileLists::endlessModules,
            "kernelModules: more than 4096 entries"),
        new HostileAttack(
            "loader lists that bite their tails",
            2,
            HostileLists::loaderCycle,
            "modules: comes back to"),
        new HostileAttack(
            "endless loader lists of every process",
            64,
            HostileLists::endlessLoader,
            "modules: only 262144 entries of loader lists were walked"),
        new HostileAttack(
            "endless list of handle tables",
            32,
            HostileLists::handleTableList,
            "processes: handleTableList: more than 65536 entries"),
        new HostileAttack(
            "endless session lists",
            32,
            HostileLists::sessionLists,
            "processes: only the first 65536 entries were walked"),
        new HostileAttack(
            "directories in themselves",
            4,
            HostileLists::directoryCycle,
            "files: a chain comes back to it"),
        new HostileAttack(
            "endless directory",
            32,
            HostileLists::endlessDirectory,
            "files: only the first 131072"),
        new HostileAttack(
            "endless lists of callbacks",
            32,
            HostileLists::callbacks,
            "callbacks: more than 1024 entries"));
  }

  private static void activeListCycle(HostileImage image) {
    long links = links(image, image.process(VICTIM));
    long lsass = links(image, image.process("lsass.exe"));
    image.write(links, lsass);
    image.write(lsass, links);
    image.write(lsass + 8, links);
    image.write(links + 8, lsass);
  }

  private static long links(HostileImage image, ProcessTruth process) {
    return process.objectVa() + image.offset("EPROCESS", "ActiveProcessLinks");
  }

  /** Each has the same VADs, handles, threads, modules, and a command line of 64 KiB. */
  private static void manyProcesses(HostileImage image) {
    ProcessTruth victim = image.process(VICTIM);
    endlessVads(image, victim);
    endlessLoaderOf(image, victim);
    evilParameters(image, victim, image.evilText());
    int size = -(-image.size("EPROCESS") & -ENTRY);
    int count = (int) Math.min(20_000, image.left() / size);
    byte[] object = image.bytes(victim.objectVa(), size);
    long first = image.take((long) size * count);
    long link = image.offset("EPROCESS", "ActiveProcessLinks");
    long gpa = image.gpa(first);
    for (int i = 0; i < count; i++) {
      long at = gpa + (long) i * size;
      image.memory().put(at, object);
      image.memory().putLong(at + link, first + (long) (i + 1) % count * size + link);
      image.memory().putLong(at + link + 8, first + (long) (i + count - 1) % count * size + link);
      image.memory().putLong(at + image.offset("EPROCESS", "UniqueProcessId"), 40_000 + 4L * i);
    }
    image.write(links(image, victim), first + link);
  }

  static void endlessVads(HostileImage image, ProcessTruth process) {
    HostileTables.vadChain(image, process, 1 << 17, true);
  }

  static void evilParameters(HostileImage image, ProcessTruth process, long text) {
    long peb = process.directoryTableBase() & -4096L;
    AddressSpace space = image.guest().space(peb);
    long pebVa = image.get("EPROCESS", process.objectVa(), "Peb");
    long parameters = space.qword(pebVa + image.offset("PEB", "ProcessParameters")).orElseThrow();
    for (String field : List.of("ImagePathName", "CommandLine", "CurrentDirectory")) {
      long at = parameters + image.offset("RTL_USER_PROCESS_PARAMETERS", field);
      image.memory().putLong(space.gpa(at).orElseThrow(), 0xfffe_fffeL);
      image.memory().putLong(space.gpa(at).orElseThrow() + 8, HostileImage.inUserSpace(text));
    }
    for (String field : List.of("Environment", "EnvironmentSize")) {
      long at = parameters + image.offset("RTL_USER_PROCESS_PARAMETERS", field);
      long value = field.equals("Environment") ? HostileImage.inUserSpace(text) : -1;
      image.memory().putLong(space.gpa(at).orElseThrow(), value);
    }
  }

  private static void threadCycle(HostileImage image) {
    for (ProcessTruth process : image.running()) {
      long first = image.get("EPROCESS", process.objectVa(), "ThreadListHead");
      image.lead(first, first);
      long scheduled = image.get("KPROCESS", process.objectVa(), "ThreadListHead");
      image.lead(scheduled, scheduled);
    }
  }

  private static void endlessThreads(HostileImage image) {
    long list = image.longList(ENDLESS, ENTRY);
    for (ProcessTruth process : image.running()) {
      image.lead(process.objectVa() + image.offset("EPROCESS", "ThreadListHead"), list);
      image.lead(process.objectVa() + image.offset("KPROCESS", "ThreadListHead"), list);
    }
  }

  private static void namedThreads(HostileImage image) {
    ProcessTruth victim = image.process(VICTIM);
    leadLoader(image, victim, userList(image, 1 << 13));
    long head = victim.objectVa() + image.offset("EPROCESS", "ThreadListHead");
    int link = image.offset("ETHREAD", "ThreadListEntry");
    long model = image.read(head) - link;
    int size = -(-image.size("ETHREAD") & -ENTRY);
    byte[] object = image.bytes(model, size);
    int count = (int) Math.min(50_000, image.left() / size);
    long first = image.take((long) size * count);
    long gpa = image.gpa(first);
    for (int i = 0; i < count; i++) {
      long at = gpa + (long) i * size;
      image.memory().put(at, object);
      image.memory().putLong(at + link, first + (long) (i + 1) % count * size + link);
      image.memory().putLong(at + link + 8, first + (long) (i + count - 1) % count * size + link);
      image.memory().putLong(at + image.offset("ETHREAD", "Cid") + 8, 40_000 + 4L * i);
      image.memory().putLong(at + image.offset("ETHREAD", "Win32StartAddress"), 0x10000L * 4000);
    }
    image.lead(head, first + link);
  }

  private static void moduleCycle(HostileImage image) {
    long first = image.read(image.symbol("PsLoadedModuleList"));
    long last = image.read(image.symbol("PsLoadedModuleList") + 8);
    image.write(image.read(first), first);
    image.write(image.read(last + 8) + 8, last);
  }

  private static void endlessModules(HostileImage image) {
    image.lead(image.symbol("PsLoadedModuleList"), image.longList(ENDLESS, ENTRY));
  }

  private static void loaderCycle(HostileImage image) {
    for (ProcessTruth process : withPeb(image)) {
      forEachHead(
          image,
          process,
          head -> {
            AddressSpace space = image.guest().space(process.directoryTableBase());
            long first = space.qword(head).orElse(0);
            space.gpa(first).ifPresent(gpa -> image.memory().putLong(gpa, first));
            space.gpa(first).ifPresent(gpa -> image.memory().putLong(gpa + 8, first));
          });
    }
  }

  private static void endlessLoader(HostileImage image) {
    long list = userList(image, 1 << 18);
    for (ProcessTruth process : withPeb(image)) {
      leadLoader(image, process, list);
    }
  }

  private static void endlessLoaderOf(HostileImage image, ProcessTruth process) {
    leadLoader(image, process, userList(image, 1 << 14));
  }

  /** Each entry is a module of a base of its own, with a name of 64 KiB. */
  private static long userList(HostileImage image, int entries) {
    int stride = -(-image.size("LDR_DATA_TABLE_ENTRY") & -ENTRY);
    int count = (int) Math.min(entries, image.left() / 2 / stride);
    long text = image.evilText();
    long first = image.take((long) count * stride);
    long gpa = image.gpa(first);
    long user = HostileImage.inUserSpace(first);
    long base = image.offset("LDR_DATA_TABLE_ENTRY", "DllBase");
    for (int i = 0; i < count; i++) {
      long at = gpa + (long) i * stride;
      for (int link = 0; link < 48; link += ENTRY) {
        image.memory().putLong(at + link, user + (long) (i + 1) % count * stride + link);
        image
            .memory()
            .putLong(at + link + 8, user + (long) (i + count - 1) % count * stride + link);
      }
      image.memory().putLong(at + base, 0x10000L * (i + 1));
      image.memory().putInt(at + image.offset("LDR_DATA_TABLE_ENTRY", "SizeOfImage"), -1);
      for (String name : List.of("FullDllName", "BaseDllName")) {
        long field = at + image.offset("LDR_DATA_TABLE_ENTRY", name);
        image.memory().putLong(field, 0xfffe_fffeL);
        image.memory().putLong(field + 8, HostileImage.inUserSpace(text));
      }
    }
    return user;
  }

  private static void leadLoader(HostileImage image, ProcessTruth process, long list) {
    int[] link = {0};
    forEachHead(
        image,
        process,
        head -> {
          AddressSpace space = image.guest().space(process.directoryTableBase());
          space
              .gpa(head)
              .ifPresent(
                  gpa -> {
                    image.memory().putLong(gpa, list + link[0]);
                    image.memory().putLong(gpa + 8, list + link[0]);
                  });
          link[0] += ENTRY;
        });
  }

  private static List<ProcessTruth> withPeb(HostileImage image) {
    return image.running().stream()
        .filter(process -> image.get("EPROCESS", process.objectVa(), "Peb") != 0)
        .toList();
  }

  /** In the order of the links in an entry. */
  private static void forEachHead(HostileImage image, ProcessTruth process, LongConsumer heads) {
    AddressSpace space = image.guest().space(process.directoryTableBase());
    long peb = image.get("EPROCESS", process.objectVa(), "Peb");
    long loader = space.qword(peb + image.offset("PEB", "Ldr")).orElse(0);
    if (loader != 0) {
      heads.accept(loader + image.offset("PEB_LDR_DATA", "InLoadOrderModuleList"));
      heads.accept(loader + image.offset("PEB_LDR_DATA", "InMemoryOrderModuleList"));
      heads.accept(loader + image.offset("PEB_LDR_DATA", "InInitializationOrderModuleList"));
    }
  }

  private static void handleTableList(HostileImage image) {
    long list = image.longList(ENDLESS, ENTRY);
    for (ProcessTruth process : image.running()) {
      long table = image.get("EPROCESS", process.objectVa(), "ObjectTable");
      if (table != 0) {
        image.lead(table + image.offset("HANDLE_TABLE", "HandleTableList"), list);
      }
    }
    image.lead(image.symbol("HandleTableListHead"), list);
  }

  private static void sessionLists(HostileImage image) {
    long list = image.longList(ENDLESS, ENTRY);
    for (ProcessTruth process : image.running()) {
      long session = image.get("EPROCESS", process.objectVa(), "Session");
      if (session != 0) {
        image.lead(session + image.offset("MM_SESSION_SPACE", "ProcessList"), list);
      }
    }
  }

  private static void directoryCycle(HostileImage image) {
    long root = image.read(image.symbol("ObpRootDirectoryObject"));
    for (int bucket = 0; bucket < 37; bucket++) {
      long entry = image.read(root + 8L * bucket);
      if (entry != 0) {
        image.set("OBJECT_DIRECTORY_ENTRY", entry, "ChainLink", entry);
        image.set("OBJECT_DIRECTORY_ENTRY", entry, "Object", root);
      }
    }
  }

  private static void endlessDirectory(HostileImage image) {
    long root = image.read(image.symbol("ObpRootDirectoryObject"));
    long chain = image.longList(ENDLESS, ENTRY);
    for (int bucket = 0; bucket < 37; bucket++) {
      image.write(root + 8L * bucket, chain + bucket * 1000L * ENTRY);
    }
  }

  private static void callbacks(HostileImage image) {
    long list = image.longList(ENDLESS, ENTRY);
    for (String head :
        List.of(
            "CallbackListHead",
            "KeBugCheckCallbackListHead",
            "KeBugCheckReasonCallbackListHead",
            "IopNotifyShutdownQueueHead",
            "IopFsNotifyChangeQueueHead",
            "PnpProfileNotifyList",
            "RtlpDebugPrintCallbackList")) {
      image.lead(image.symbol(head), list);
    }
    image.write(image.symbol("KiNmiCallbackListHead"), list);
    image.write(image.symbol("SeFileSystemNotifyRoutinesHead"), list);
    for (int slot = 0; slot < 64; slot++) {
      image.write(image.symbol("PspCreateProcessNotifyRoutine") + 8L * slot, list | 0xf);
    }
  }
}
