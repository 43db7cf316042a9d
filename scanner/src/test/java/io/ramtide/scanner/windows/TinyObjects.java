package io.ramtide.scanner.windows;

import io.ramtide.scanner.symbols.KernelSymbols;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.scan.PoolTag;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The object manager of a {@link TinyWindows}: types, named objects in the pool, handles. */
final class TinyObjects {
  static final int COOKIE = 0x56;
  private static final Map<String, Integer> TYPES =
      Map.of(
          "Type",
          2,
          "Directory",
          3,
          "SymbolicLink",
          4,
          "Token",
          5,
          "Process",
          6,
          "Mutant",
          7,
          "File",
          8,
          "Device",
          9,
          "Key",
          10);
  private static final int NAME_INFO = 2;
  private static final int IN_USE = 2;

  final TinyWindows windows;
  private final KernelSymbols symbols;
  private long next = 0xffff_b000_0000_0000L;

  TinyObjects(TinyWindows windows) {
    this.windows = windows;
    this.symbols = SymbolStore.shipped().kernel(TinyWindows.KNOWN_19041).orElseThrow();
    putInt(variable("ObHeaderCookie"), COOKIE);
    long table = variable("ObTypeIndexTable");
    putLong(table + 8, 0);
    TYPES.forEach((name, index) -> putLong(table + index * 8L, type(name, index)));
  }

  int offset(String type, String field) {
    return windows.layout.type(type).offset(field);
  }

  int size(String type) {
    return windows.layout.type(type).size();
  }

  /** VA of a variable of the kernel; its page is mapped. */
  long variable(String symbol) {
    long va = TinyWindows.BASE + symbols.rva(symbol).orElseThrow();
    ensure(va, 0x1000);
    return va;
  }

  private void ensure(long va, int bytes) {
    for (long page = va & -0x1000L; page < va + bytes; page += 0x1000) {
      if (!isMapped(page)) {
        windows.map(page, windows.frame());
      }
    }
  }

  private boolean isMapped(long va) {
    long table = windows.root;
    for (int shift = 39; shift >= 12; shift -= 9) {
      table = windows.memory.readLong(table + ((va >>> shift) & 511) * 8) & ~0xfffL;
      if (table == 0) {
        return false;
      }
    }
    return true;
  }

  /** Fresh, mapped, page-aligned. */
  long pages(int count) {
    long va = next;
    next += (count + 1) * 0x1000L;
    ensure(va, count * 0x1000);
    return va;
  }

  void putLong(long va, long value) {
    windows.writeLong(va, value);
  }

  void putInt(long va, int value) {
    windows.memory.putInt(windows.gpa(va), value);
  }

  void put(long va, byte... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      windows.memory.put(windows.gpa(va + i), bytes[i]);
    }
  }

  void set(long object, String type, String field, long value) {
    putLong(object + offset(type, field), value);
  }

  /** UNICODE_STRING at a VA with its text in a page of its own. */
  void text(long va, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_16LE);
    long buffer = pages((bytes.length >> 12) + 1);
    put(buffer, bytes);
    putInt(va, bytes.length | bytes.length << 16);
    putLong(va + 8, buffer);
  }

  private long type(String name, int index) {
    long header = pool("type", "OBJECT_TYPE", 0, "Type", 0);
    text(header + offset("OBJECT_TYPE", "Name"), name);
    put(header + offset("OBJECT_TYPE", "Index"), (byte) index);
    return header;
  }

  /**
   * An object without a name in a pool block.
   *
   * @param inPage where the block begins in its page
   */
  long pool(String kind, String structure, int inPage, String type, int infoMask) {
    int before = (infoMask & NAME_INFO) != 0 ? size("OBJECT_HEADER_NAME_INFO") : 0;
    int body = offset("OBJECT_HEADER", "Body");
    int block = (16 + before + body + size(structure) + 15) / 16;
    long pool = pages(3) + inPage;
    int tag = PoolTag.of(kind).value(windows.layout.firstBuild());
    putLong(pool, (long) tag << 32 | IN_USE << 24 | block << 16);
    long header = pool + 16 + before;
    header(header, type, infoMask);
    return header + body;
  }

  /** Writes the header of an object of a type. */
  void header(long header, String type, int infoMask) {
    putLong(header, 3);
    int index = encoded(header, type);
    put(header + offset("OBJECT_HEADER", "TypeIndex"), (byte) index);
    put(header + offset("OBJECT_HEADER", "InfoMask"), (byte) infoMask);
  }

  /** TypeIndex as Windows 10 writes it. */
  int encoded(long header, String type) {
    int secondByte = (int) (header >>> 8) & 0xff;
    return secondByte ^ COOKIE ^ TYPES.get(type);
  }

  /** An object with a name, in a directory or none. */
  long named(String kind, String structure, String type, String name, long directory) {
    long object = pool(kind, structure, 0, type, NAME_INFO);
    long info = nameInfo(object);
    putLong(info + offset("OBJECT_HEADER_NAME_INFO", "Directory"), directory);
    text(info + offset("OBJECT_HEADER_NAME_INFO", "Name"), name);
    return object;
  }

  long nameInfo(long object) {
    return header(object) - size("OBJECT_HEADER_NAME_INFO");
  }

  long header(long object) {
    return object - offset("OBJECT_HEADER", "Body");
  }

  /** Marks the block that holds an object as free. */
  void free(long object, int infoMask) {
    int before = (infoMask & NAME_INFO) != 0 ? size("OBJECT_HEADER_NAME_INFO") : 0;
    windows.memory.put(windows.gpa(header(object) - before - 16 + 3), (byte) 0);
  }

  /** A directory of objects, one a bucket. */
  long directory(String name, long parent, long... objects) {
    long directory = pages(1) + 0x100;
    header(header(directory), "Directory", NAME_INFO);
    long info = nameInfo(directory);
    putLong(info + offset("OBJECT_HEADER_NAME_INFO", "Directory"), parent);
    text(info + offset("OBJECT_HEADER_NAME_INFO", "Name"), name);
    for (int i = 0; i < objects.length; i++) {
      link(directory, i, objects[i]);
    }
    return directory;
  }

  /** Puts an object at the front of a directory's bucket. */
  long link(long directory, int bucket, long object) {
    long entry = pages(1);
    long head = directory + bucket * 8L;
    putLong(entry, windows.memory.readLong(windows.gpa(head)));
    putLong(entry + 8, object);
    putLong(head, entry);
    return entry;
  }

  void root(long directory) {
    putLong(variable("ObpRootDirectoryObject"), directory);
  }

  /** The HANDLE_TABLE of a process, with a page of entries. */
  long handleTable(TinyWindows.Placed process, long code) {
    long table = pages(1);
    set(table, "HANDLE_TABLE", "TableCode", code);
    set(process.va(), "EPROCESS", "ObjectTable", table);
    return table;
  }

  void entry(long page, int index, long object, int access) {
    putLong(page + index * 16L, header(object) << 16 | 1);
    putLong(page + index * 16L + 8, access);
  }
}
