package io.ramtide.scanner.windows;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.kernel.Kernel;
import io.ramtide.scanner.windows.kernel.KernelFinder;
import io.ramtide.scanner.windows.scan.GuestScan;
import io.ramtide.testkit.GroundTruth;
import io.ramtide.testkit.ProcessTruth;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.ram.GuestRam;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A simulated guest whose memory an attacker may write to, by structure and field. Behind the
 * guest's own RAM lies the arena: memory that every address space maps, at one kernel address and
 * at one user address, and that holds nothing yet.
 */
final class HostileImage {
  private static final long LARGE_PAGE = 2L << 20;
  private static final int FLAGS = 0x67; // present, writable, user, accessed, dirty
  private static final int LARGE = 0x80;
  private static final int USER_SLOT = 5;
  private static final long USER_ARENA = (long) USER_SLOT << 39;

  private final GroundTruth truth;
  private final TestMemory memory;
  private final Guest guest;
  private final long arenaGpa;
  private final long arenaBytes;
  private final long kernelArena;
  private long used;

  /** A guest as it was booted; nothing changes it. */
  private record Booted(int build, GroundTruth truth, GuestRam ram) {}

  private static Booted last = new Booted(0, null, null);

  private HostileImage(Booted booted, long arenaBytes) {
    this.truth = booted.truth();
    GuestRam ram = booted.ram();
    this.arenaGpa = -(-ram.size() & -LARGE_PAGE);
    this.arenaBytes = arenaBytes;
    this.memory = TestMemory.ofSize((int) (arenaGpa + arenaBytes));
    for (long frame : ram.frames()) {
      memory.put(frame * PhysicalMemory.FRAME_BYTES, ram.frame(frame));
    }
    int slot = freeKernelSlot();
    this.kernelArena = -1L << 48 | (long) slot << 39;
    mapArena(slot);
    this.guest = find();
  }

  /** A workstation of a build, and so many MiB of arena. */
  static HostileImage of(int build, int arenaMegabytes) {
    return new HostileImage(booted(build), (long) arenaMegabytes << 20);
  }

  /** Boots once for all attacks on a build. */
  private static synchronized Booted booted(int build) {
    if (last.build() != build) {
      SimulatedGuest guest = SimulatedGuest.ofBuild(build, 31).boot();
      last = new Booted(build, guest.truth(), guest.snapshot());
    }
    return last;
  }

  private int freeKernelSlot() {
    for (int slot = 300; slot < 400; slot++) {
      int at = slot;
      if (truth.processes().stream().allMatch(p -> root(p) == 0 || entry(root(p), at) == 0)) {
        return slot;
      }
    }
    throw new IllegalStateException("no free slot");
  }

  private long entry(long table, int slot) {
    return memory.readLong(table + slot * 8L);
  }

  private static long root(ProcessTruth process) {
    return process.exitTime() == 0 ? process.directoryTableBase() & -4096L : 0;
  }

  private void mapArena(int slot) {
    long level3 = arenaGpa;
    long level2 = arenaGpa + 0x1000;
    used = 0x2000;
    memory.putLong(level3, level2 | FLAGS);
    for (long page = 0; page * LARGE_PAGE < arenaBytes; page++) {
      memory.putLong(level2 + page * 8, arenaGpa + page * LARGE_PAGE | FLAGS | LARGE);
    }
    for (ProcessTruth process : truth.processes()) {
      if (root(process) != 0) {
        memory.putLong(root(process) + slot * 8L, level3 | FLAGS);
        memory.putLong(root(process) + USER_SLOT * 8L, level3 | FLAGS);
      }
    }
  }

  private Guest find() {
    SymbolStore symbols = SymbolStore.shipped();
    GuestScan scan = GuestScan.of(memory, symbols);
    FrameReader frames = new FrameReader(memory);
    Kernel kernel = new KernelFinder(scan, frames, symbols).find().orElseThrow();
    LayoutChoice choice = LayoutChoice.of(kernel, scan, frames, symbols).orElseThrow();
    return new Guest(kernel, choice.layout(), scan, frames);
  }

  TestMemory memory() {
    return memory;
  }

  GroundTruth truth() {
    return truth;
  }

  /** The guest as it was before the attack; its caches may be stale. */
  Guest guest() {
    return guest;
  }

  ProcessTruth process(String name) {
    return truth.processes().stream()
        .filter(process -> process.imageName().equals(name) && process.exitTime() == 0)
        .findFirst()
        .orElseThrow();
  }

  List<ProcessTruth> running() {
    return truth.processes().stream().filter(process -> root(process) != 0).toList();
  }

  int offset(String type, String field) {
    return guest.type(type).offset(field);
  }

  int size(String type) {
    return guest.type(type).size();
  }

  long symbol(String name) {
    return guest.symbol(name).orElseThrow();
  }

  /** GPA of a VA of the kernel or the arena. */
  long gpa(long va) {
    if (va >= USER_ARENA && va < USER_ARENA + arenaBytes) {
      return arenaGpa + (va - USER_ARENA);
    }
    return guest.space().gpa(va).orElseThrow();
  }

  long read(long va) {
    return memory.readLong(gpa(va));
  }

  void write(long va, long value) {
    memory.putLong(gpa(va), value);
  }

  void writeInt(long va, int value) {
    memory.putInt(gpa(va), value);
  }

  void write(long va, byte... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      memory.put(gpa(va + i), bytes[i]);
    }
  }

  /** Writes a field of a structure. */
  void set(String type, long va, String field, long value) {
    write(va + offset(type, field), value);
  }

  long get(String type, long va, String field) {
    return read(va + offset(type, field));
  }

  /** VA, in kernel space, of so many fresh bytes of the arena, on a page boundary. */
  long take(long bytes) {
    used = -(-used & -4096L);
    long va = kernelArena + used;
    used += bytes;
    if (used > arenaBytes) {
      throw new IllegalStateException("the arena is too small");
    }
    return va;
  }

  long left() {
    return arenaBytes - used - 4096;
  }

  /** The same place in user space. */
  static long inUserSpace(long arenaVa) {
    return USER_ARENA | (arenaVa & (1L << 39) - 1);
  }

  /** Writes an endless list: each of so many entries leads to the next, none back to a head. */
  long longList(int entries, int stride) {
    long first = take((long) entries * stride);
    for (int i = 0; i < entries; i++) {
      long at = first + (long) i * stride;
      long next = first + (long) ((i + 1) % entries) * stride;
      long back = first + (long) ((i + entries - 1) % entries) * stride;
      memory.putLong(gpa(at), next);
      memory.putLong(gpa(at + 8), back);
    }
    return first;
  }

  /** Leads both ends of a list away. */
  void lead(long head, long to) {
    write(head, to);
    write(head + 8, to);
  }

  /** Makes the UNICODE_STRING at a VA as long as it can be, at a place with a text. */
  void setText(long va, long text) {
    write(va, 0xfffe_fffeL);
    write(va + 8, text);
  }

  /** VA of 64 KiB of escapes, controls and surrogates without partner. */
  long evilText() {
    long va = take(1 << 16);
    ByteBuffer text = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    String unit =
        "\u001b[2J\u001b]0;owned\u0007\r\n\b\u009b31m\ud800\udc00\ud800\udfff\udc00\u202e";
    for (int i = 0; i < 1 << 15; i++) {
      text.putChar(unit.charAt(i % unit.length()));
    }
    memory.put(gpa(va), text.array());
    return va;
  }

  /** Low half of an MMVAD_FLAGS: private and, in the builds whose flags it holds, executable. */
  int executablePrivate() {
    StructType flags = guest.type("MMVAD_FLAGS");
    return flags.size() == Long.BYTES
        ? 0
        : 6 << flags.field("Protection").firstBit() | 1 << flags.field("PrivateMemory").firstBit();
  }

  /** What is at a VA of the kernel. */
  byte[] bytes(long va, int length) {
    byte[] bytes = new byte[length];
    guest.space().read(va, bytes, 0, length);
    return bytes;
  }
}
