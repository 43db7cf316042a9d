package io.ramtide.scanner.windows;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.symbols.PdbId;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.Coverage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;

/** Kernel variables, pool blocks, modules and drivers for a {@link TinyWindows}. */
final class TinyKernel {
  private static final long POOL = 0xffff_b000_0000_0000L;
  private static final int PAGE = PhysicalMemory.FRAME_BYTES;
  private static final int POOL_HEADER = 16;

  final TinyWindows windows;
  private final List<Long> modules = new ArrayList<>();
  private long nextPool = POOL;

  /** What an analysis gave of one kind. */
  record Result<T>(List<T> findings, Coverage coverage) {
    String detail() {
      return String.valueOf(coverage.getDetail());
    }
  }

  TinyKernel(TinyWindows windows) {
    this.windows = windows;
    windows.link(windows.process(4, "System"));
  }

  static TinyKernel known() {
    return new TinyKernel(TinyWindows.known());
  }

  /** One whose PDB is in no table. */
  static TinyKernel unknown() {
    String guid = "0123456789ABCDEF0123456789ABCDEF";
    return new TinyKernel(
        new TinyWindows("win10-19041", new PdbId("ntkrnlmp.pdb", guid, 1), 19041));
  }

  <T> Result<T> analyze(What what, Class<T> type) {
    List<SpecificRecord> findings = new ArrayList<>();
    Analysis analysis = new WindowsAnalyzer().analyze(windows.memory, Set.of(what), findings::add);
    return new Result<>(
        findings.stream().filter(type::isInstance).map(type::cast).toList(),
        analysis.coverage().get(0));
  }

  /** VA of a kernel variable, with its page. */
  long variable(String symbol) {
    long va =
        TinyWindows.BASE
            + SymbolStore.shipped()
                .kernel(TinyWindows.KNOWN_19041)
                .orElseThrow()
                .rva(symbol)
                .orElseThrow();
    reach(va);
    return va;
  }

  /** Maps the pages of a VA and what follows, if they are not mapped. */
  private void reach(long va) {
    for (long page = va & -PAGE; page <= va + PAGE; page += PAGE) {
      if (windows.memory.readLong(windows.pte(page)) == 0) {
        windows.map(page, windows.frame());
      }
    }
  }

  /** A pool block in use; the VA of its contents. */
  long pool(String tag, int size) {
    int block = (POOL_HEADER + size + 15) / 16 * 16;
    if (nextPool % PAGE + block > PAGE || nextPool % PAGE == 0) {
      nextPool = (nextPool + PAGE - 1) & -PAGE;
      windows.map(nextPool, windows.frame());
    }
    long va = nextPool;
    nextPool += block;
    long name = 0;
    for (int i = 3; i >= 0; i--) {
      name = name << 8 | tag.charAt(i);
    }
    write(va, name << 32 | 2 << 24 | (long) (block / 16) << 16);
    return va + POOL_HEADER;
  }

  void write(long va, long value) {
    windows.writeLong(va, value);
  }

  long read(long va) {
    return windows.memory.readLong(windows.gpa(va));
  }

  void writeInt(long va, int value) {
    windows.memory.putInt(windows.gpa(va), value);
  }

  int offset(String type, String field) {
    return windows.layout.type(type).offset(field);
  }

  /** Writes a UNICODE_STRING. */
  void text(long va, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_16LE);
    long buffer = pool("Text", bytes.length + 2);
    windows.memory.put(windows.gpa(buffer), bytes);
    write(va, bytes.length | (long) bytes.length << 16);
    write(va + 8, buffer);
  }

  /** Writes a ring of LIST_ENTRYs. */
  void ring(List<Long> entries) {
    for (int i = 0; i < entries.size(); i++) {
      long next = entries.get((i + 1) % entries.size());
      write(entries.get(i), next);
      write(next + 8, entries.get(i));
    }
  }

  /** A loader entry in the pool, not on the list; its VA. */
  long module(String name, long base, long size) {
    long entry = pool("MmLd", 0xa0);
    write(entry, entry);
    write(entry + 8, entry);
    write(entry + offset("LDR_DATA_TABLE_ENTRY", "DllBase"), base);
    write(entry + offset("LDR_DATA_TABLE_ENTRY", "SizeOfImage"), size);
    text(entry + offset("LDR_DATA_TABLE_ENTRY", "BaseDllName"), name);
    text(entry + offset("LDR_DATA_TABLE_ENTRY", "FullDllName"), "\\SystemRoot\\" + name);
    return entry;
  }

  /** Puts modules on PsLoadedModuleList, behind those that are there. */
  void link(Long... entries) {
    modules.addAll(List.of(entries));
    List<Long> ring = new ArrayList<>(List.of(variable("PsLoadedModuleList")));
    ring.addAll(modules);
    ring(ring);
  }

  /** The kernel and one driver's image, both listed; the driver's is at {@code base}. */
  void ordinaryModules(long base) {
    link(
        module("ntoskrnl.exe", TinyWindows.BASE, TinyWindows.IMAGE_BYTES),
        module("good.sys", base, 0x8000));
  }

  /** A driver object in the pool; its VA. */
  long driver(String tag, String name, long start) {
    long body = offset("OBJECT_HEADER", "Body");
    int size = windows.layout.type("DRIVER_OBJECT").size();
    long object = pool(tag, (int) body + size + 0x60) + body;
    write(object, 4 | (long) size << 16);
    write(object + offset("DRIVER_OBJECT", "DriverStart"), start);
    write(object + offset("DRIVER_OBJECT", "DriverSize"), 0x8000);
    text(object + offset("DRIVER_OBJECT", "DriverName"), name);
    long extension = object + size;
    write(object + offset("DRIVER_OBJECT", "DriverExtension"), extension);
    text(extension + offset("DRIVER_EXTENSION", "ServiceKeyName"), name.substring(8));
    return object;
  }

  /** A device object in the pool, of a driver; its VA. */
  long device(long driver) {
    long body = offset("OBJECT_HEADER", "Body");
    int size = windows.layout.type("DEVICE_OBJECT").size();
    long object = pool("Devi", (int) body + size) + body;
    write(object + offset("DEVICE_OBJECT", "DriverObject"), driver);
    return object;
  }

  /** Fills ObTypeIndexTable, from index 2 on, with a cookie of 0. */
  void objectTypes(String... names) {
    long table = variable("ObTypeIndexTable");
    writeInt(variable("ObHeaderCookie"), 0);
    for (int i = 0; i < names.length; i++) {
      long type = object("ObjT", 2, windows.layout.type("OBJECT_TYPE").size());
      text(type + offset("OBJECT_TYPE", "Name"), names[i]);
      write(table + 8L * (i + 2), type);
    }
  }

  /** An object of the type with an index, in the pool; its VA. */
  long object(String tag, int type, int size) {
    long object =
        pool(tag, offset("OBJECT_HEADER", "Body") + size) + offset("OBJECT_HEADER", "Body");
    setType(object, type);
    return object;
  }

  /** Sets an object's type, encoded with a cookie of 0. */
  void setType(long object, int type) {
    long header = object - offset("OBJECT_HEADER", "Body");
    long field = header + offset("OBJECT_HEADER", "TypeIndex");
    windows.memory.put(windows.gpa(field), (byte) (header >>> 8 ^ type));
  }
}
