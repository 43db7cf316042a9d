package io.ramtide.scanner.windows;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.PdbId;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.symbols.SymbolStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The least that is a Windows guest: page tables, KUSER_SHARED_DATA, a kernel header with RSDS, and
 * processes, in 32 MiB. Everything can be overwritten through {@link #memory}.
 */
final class TinyWindows {
  static final PdbId KNOWN_19041 = new PdbId("ntkrnlmp.pdb", "118018959D8D7CA5AAB45B75AED5A976", 1);
  static final long BASE = 0xffff_f800_1000_0000L;
  static final int IMAGE_BYTES = 0x1000000;
  static final long TIME = 132_687_529_128_071_120L;
  static final int SELF_MAP = 393;
  private static final long POOL = 0xffff_a000_0000_0000L;
  private static final int PRESENT = 0x63;
  private static final int OBJECT_OFFSET = 0x60;

  final TestMemory memory = TestMemory.ofSize(32 << 20);
  final Layout layout;
  final long root;
  final long head;
  private final List<Long> linked = new ArrayList<>();
  private long nextFrame = 0x100000;
  private long nextPool = POOL;

  /** One process that was put in. */
  record Placed(long va, long gpa, long root, long poolHeaderGpa) {}

  TinyWindows(String layout, PdbId pdb, int build) {
    SymbolStore symbols = SymbolStore.shipped();
    this.layout = symbols.layout(layout);
    this.root = frame();
    memory.putLong(root + SELF_MAP * 8, root | PRESENT);
    sharedData(symbols.common().type("KUSER_SHARED_DATA"), build);
    kernelHeader(pdb);
    this.head =
        BASE + symbols.kernel(KNOWN_19041).orElseThrow().rva("PsActiveProcessHead").orElseThrow();
    map(head & -0x1000L, frame());
    link();
  }

  static TinyWindows known() {
    return new TinyWindows("win10-19041", KNOWN_19041, 19041);
  }

  private void sharedData(StructType type, int build) {
    long page = frame();
    map(0xffff_f780_0000_0000L, page);
    memory.putInt(page + type.offset("NtMajorVersion"), 10);
    memory.putInt(page + type.offset("NtBuildNumber"), build);
    memory.putLong(page + type.offset("SystemTime"), TIME);
  }

  private void kernelHeader(PdbId pdb) {
    long page = frame();
    map(BASE, page);
    memory.put(page, (byte) 'M', (byte) 'Z');
    memory.putInt(page + 0x3c, 0x80);
    memory.putInt(page + 0x80, 0x4550);
    memory.putInt(page + 0x84, 0x8664);
    memory.putInt(page + 0x98, 0x20b);
    memory.putInt(page + 0x98 + 56, IMAGE_BYTES);
    memory.putInt(page + 0x98 + 160, 0x400);
    memory.putInt(page + 0x98 + 164, 28);
    memory.putInt(page + 0x40c, 2);
    memory.putInt(page + 0x414, 0x1500);
    page = frame();
    map(BASE + 0x1000, page);
    memory.put(page + 0x500, "RSDS".getBytes(StandardCharsets.US_ASCII));
    String guid = pdb.guid();
    memory.putInt(page + 0x504, Integer.parseUnsignedInt(guid.substring(0, 8), 16));
    memory.putInt(
        page + 0x508,
        Integer.parseInt(guid.substring(8, 12), 16)
            | Integer.parseInt(guid.substring(12, 16), 16) << 16);
    for (int i = 0; i < 8; i++) {
      String digits = guid.substring(16 + 2 * i, 18 + 2 * i);
      memory.put(page + 0x50c + i, (byte) Integer.parseInt(digits, 16));
    }
    memory.putInt(page + 0x514, pdb.age());
    memory.put(page + 0x518, pdb.name().getBytes(StandardCharsets.US_ASCII));
  }

  /** A fresh frame; every other one is left out, so that what follows in VA does not in GPA. */
  long frame() {
    nextFrame += 2 * PhysicalMemory.FRAME_BYTES;
    return nextFrame;
  }

  void map(long va, long gpa) {
    mapIn(root, va, gpa);
  }

  /** Maps a page in one address space only, if its tables are that space's own. */
  void mapIn(long space, long va, long gpa) {
    long table = space;
    for (int shift = 39; shift > 12; shift -= 9) {
      long entry = table + ((va >>> shift) & 511) * 8;
      if (memory.readLong(entry) == 0) {
        memory.putLong(entry, frame() | PRESENT);
      }
      table = memory.readLong(entry) & ~0xfffL;
    }
    memory.putLong(table + ((va >>> 12) & 511) * 8, gpa | PRESENT);
  }

  /** GPA of the PTE of a mapped address. */
  long pte(long va) {
    long table = root;
    for (int shift = 39; shift > 12; shift -= 9) {
      table = memory.readLong(table + ((va >>> shift) & 511) * 8) & ~0xfffL;
    }
    return table + ((va >>> 12) & 511) * 8;
  }

  long gpa(long va) {
    return (memory.readLong(pte(va)) & ~0xfffL) | (va & 0xfff);
  }

  void writeLong(long va, long value) {
    memory.putLong(gpa(va), value);
  }

  /** A running process with one thread, in the pool, not on the list. */
  Placed process(long pid, String name) {
    return process(pid, name, 0);
  }

  /**
   * @param inPage where in its page the pool header begins
   */
  Placed process(long pid, String name, int inPage) {
    for (int page = 0; page < 3; page++) {
      map(nextPool + page * 0x1000L, frame());
    }
    long pool = nextPool + inPage;
    long va = pool + OBJECT_OFFSET;
    long thread = nextPool + 0x2000;
    nextPool += 0x4000;
    int block = (layout.type("EPROCESS").size() + OBJECT_OFFSET + 15) / 16;
    writeLong(pool, (long) layout.processTag() << 32 | 2 << 24 | block << 16);
    fill(va, pid, name, thread);
    return new Placed(va, gpa(va), field(va, "KPROCESS", "DirectoryTableBase"), gpa(pool));
  }

  private void fill(long va, long pid, String name, long thread) {
    long own = frame();
    for (int i = 256; i < 512; i++) {
      memory.putLong(own + i * 8L, memory.readLong(root + i * 8L));
    }
    memory.putLong(own + SELF_MAP * 8, own | PRESENT);
    writeLong(va, 3 | layout.processHeaderSize() << 16);
    emptyList(va + 8);
    emptyList(va + layout.type("KPROCESS").offset("ProfileListHead"));
    emptyList(va + layout.type("KPROCESS").offset("ThreadListHead"));
    set(va, "KPROCESS", "DirectoryTableBase", pid == 4 ? root : own);
    set(va, "EPROCESS", "UniqueProcessId", pid);
    set(va, "EPROCESS", "InheritedFromUniqueProcessId", pid == 4 ? 0 : 4);
    set(va, "EPROCESS", "CreateTime", TIME - 1_000_000_000L + pid);
    emptyList(va + layout.type("EPROCESS").offset("ActiveProcessLinks"));
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < bytes.length; i++) {
      memory.put(gpa(va + layout.type("EPROCESS").offset("ImageFileName") + i), bytes[i]);
    }
    long list = va + layout.type("EPROCESS").offset("ThreadListHead");
    long entry = thread + layout.type("ETHREAD").offset("ThreadListEntry");
    ring(List.of(list, entry));
    writeLong(thread + layout.type("KTHREAD").offset("Process"), va);
  }

  private void set(long va, String type, String field, long value) {
    writeLong(va + layout.type(type).offset(field), value);
  }

  long field(long va, String type, String field) {
    return memory.readLong(gpa(va + layout.type(type).offset(field)));
  }

  private void emptyList(long va) {
    ring(List.of(va));
  }

  /** Puts processes on the active list. */
  void link(Placed... processes) {
    for (Placed process : processes) {
      linked.add(links(process));
    }
    List<Long> ring = new ArrayList<>(List.of(head));
    ring.addAll(linked);
    ring(ring);
  }

  long links(Placed process) {
    return process.va() + layout.type("EPROCESS").offset("ActiveProcessLinks");
  }

  private void ring(List<Long> entries) {
    for (int i = 0; i < entries.size(); i++) {
      long next = entries.get((i + 1) % entries.size());
      writeLong(entries.get(i), next);
      writeLong(next + 8, entries.get(i));
    }
  }
}
