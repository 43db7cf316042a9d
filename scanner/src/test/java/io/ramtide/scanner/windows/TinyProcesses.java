package io.ramtide.scanner.windows;

import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.TinyWindows.Placed;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Threads, handle tables and sessions for the processes of a {@link TinyWindows} of build 19041.
 */
final class TinyProcesses {
  static final int TERMINATED = 4;
  private static final long OBJECTS = 0xffff_b000_0000_0000L;
  private static final int THREAD_TAG = 0x6572_6854;
  private static final int OBJECT_OFFSET = 0x60;
  private static final int PAGE = 0x1000;

  private final TinyWindows windows;
  private final Set<Long> mapped = new HashSet<>();
  private long next = OBJECTS;

  TinyProcesses(TinyWindows windows) {
    this.windows = windows;
    mapped.add(windows.head & -PAGE);
  }

  /** A process without threads, in the pool, on no list. */
  Placed process(long pid, String name) {
    Placed process = windows.process(pid, name);
    emptyList(process.va() + at("EPROCESS", "ThreadListHead"));
    return process;
  }

  /** VA of fresh zeroed pages, with an unmapped one behind them. */
  long pages(int count) {
    long va = next;
    for (int page = 0; page < count; page++) {
      windows.map(va + (long) page * PAGE, windows.frame());
    }
    next += (count + 1L) * PAGE;
    return va;
  }

  /** A waiting thread in the pool, on both lists of its process. */
  long thread(Placed process, long tid) {
    long va = looseThread(process.va(), pid(process), tid);
    append(process.va() + at("EPROCESS", "ThreadListHead"), va + at("ETHREAD", "ThreadListEntry"));
    append(process.va() + at("KPROCESS", "ThreadListHead"), va + at("KTHREAD", "ThreadListEntry"));
    return va;
  }

  /** A waiting thread in the pool, on no list. */
  long looseThread(long process, long pid, long tid) {
    return looseThread(process, pid, tid, 0);
  }

  /**
   * @param inPage where in its page the pool header begins
   */
  long looseThread(long process, long pid, long tid, int inPage) {
    long pool = pages(2) + inPage;
    long va = pool + OBJECT_OFFSET;
    int block = (windows.layout.type("ETHREAD").size() + OBJECT_OFFSET + 15) / 16;
    windows.writeLong(pool, (long) THREAD_TAG << 32 | 2 << 24 | block << 16);
    windows.writeLong(va, 6);
    emptyList(va + at("DISPATCHER_HEADER", "WaitListHead"));
    emptyList(va + at("KTHREAD", "MutantListHead"));
    set(va, "KTHREAD", "Process", process);
    setByte(va + at("KTHREAD", "State"), 5);
    setByte(va + at("KTHREAD", "WaitReason"), 15);
    set(va, "ETHREAD", "Cid", pid);
    windows.writeLong(va + at("ETHREAD", "Cid") + at("CLIENT_ID", "UniqueThread"), tid);
    set(va, "ETHREAD", "CreateTime", TinyWindows.TIME - 1_000);
    set(va, "ETHREAD", "ExitTime", va + at("ETHREAD", "ExitTime"));
    set(va, "ETHREAD", "StartAddress", TinyWindows.BASE + 0x1234);
    return va;
  }

  void end(long thread) {
    setByte(thread + at("KTHREAD", "State"), TERMINATED);
    set(thread, "ETHREAD", "ExitTime", TinyWindows.TIME);
  }

  /** Takes a process out of sight of every scan: neither tag nor header is as it should be. */
  void hideFromScans(Placed process) {
    windows.memory.putLong(process.poolHeaderGpa(), 0);
    setByte(process.va() + 1, 1);
  }

  /** A table of one page, whose entries point at these. */
  long handleTable(long owner, long... pointers) {
    long table = pages(1);
    long page = pages(1);
    windows.writeLong(table + at("HANDLE_TABLE", "TableCode"), page);
    windows.writeLong(table + at("HANDLE_TABLE", "QuotaProcess"), owner);
    StructType entry = windows.layout.type("HANDLE_TABLE_ENTRY");
    StructType.Field bits = entry.field("ObjectPointerBits");
    for (int i = 0; i < pointers.length; i++) {
      long value = pointers[i] << 16 >>> (Long.SIZE - bits.bits());
      windows.writeLong(
          page + (i + 1L) * entry.size() + bits.offset(), value << bits.firstBit() | 1);
    }
    return table;
  }

  /** Makes kernel variables point at these. */
  void variable(String symbol, long value) {
    windows.writeLong(symbol(symbol), value);
  }

  /** VA of a kernel variable, which can be written from now on. */
  long symbol(String name) {
    long va =
        TinyWindows.BASE
            + SymbolStore.shipped()
                .kernel(TinyWindows.KNOWN_19041)
                .orElseThrow()
                .rva(name)
                .orElseThrow();
    if (mapped.add(va & -PAGE)) {
      windows.map(va & -PAGE, windows.frame());
    }
    return va;
  }

  /** A session with its list of processes. */
  long session(long id, Placed... processes) {
    long session = pages(1);
    windows.writeLong(session + at("MM_SESSION_SPACE", "SessionId"), id);
    long head = session + at("MM_SESSION_SPACE", "ProcessList");
    emptyList(head);
    for (Placed process : processes) {
      set(process.va(), "EPROCESS", "Session", session);
      append(head, process.va() + at("EPROCESS", "SessionProcessLinks"));
    }
    return session;
  }

  long at(String type, String field) {
    return windows.layout.type(type).offset(field);
  }

  void set(long va, String type, String field, long value) {
    windows.writeLong(va + at(type, field), value);
  }

  void setByte(long va, int value) {
    windows.memory.put(windows.gpa(va), (byte) value);
  }

  void emptyList(long va) {
    windows.writeLong(va, va);
    windows.writeLong(va + 8, va);
  }

  /** Puts an entry at the end of a ring. */
  void append(long head, long entry) {
    long last = windows.memory.readLong(windows.gpa(head + 8));
    for (long[] link : List.of(new long[] {last, entry}, new long[] {entry, head})) {
      windows.writeLong(link[0], link[1]);
      windows.writeLong(link[1] + 8, link[0]);
    }
  }

  private long pid(Placed process) {
    return windows.field(process.va(), "EPROCESS", "UniqueProcessId");
  }
}
