package io.ramtide.scanner.windows.guest;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.paging.PageTables;
import io.ramtide.scanner.paging.PagingMode;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.windows.kernel.Kernel;
import io.ramtide.schemas.ProcessFinding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A guest of any layout with one process, whose kernel and user space are written by hand. Kernel
 * and process share one page-table root.
 */
public final class TinyGuest {
  private static final long POOL = 0xffff_a000_0000_0000L;
  private static final int PRESENT = 0x67;
  private static final int PAGE = PhysicalMemory.FRAME_BYTES;

  public final TestMemory memory = TestMemory.ofSize(32 << 20);
  public final Layout layout;

  /** VA of its EPROCESS. */
  public final long process;

  private final long root;
  private long nextFrame = 0x100000;
  private long nextPool = POOL;

  public TinyGuest(Layout layout) {
    this.layout = layout;
    this.root = frame();
    this.process = alloc(layout.type("EPROCESS").size());
  }

  private long frame() {
    nextFrame += PAGE;
    return nextFrame;
  }

  /** Kernel memory, all zero, with a pool header's room before it. */
  public long alloc(int bytes) {
    long va = nextPool + 16;
    nextPool = (va + bytes + 15) & -16;
    map(va - 16, bytes + 16);
    return va;
  }

  /** Maps fresh frames where none are. */
  public void map(long va, int bytes) {
    for (long page = va & -PAGE; page < va + bytes; page += PAGE) {
      long pte = pte(page);
      if (memory.readLong(pte) == 0) {
        memory.putLong(pte, frame() | PRESENT);
      }
    }
  }

  /** GPA of the PTE of an address. */
  public long pte(long va) {
    long table = root;
    for (int shift = 39; shift > 12; shift -= 9) {
      long entry = table + ((va >>> shift) & 511) * 8;
      if (memory.readLong(entry) == 0) {
        memory.putLong(entry, frame() | PRESENT);
      }
      table = memory.readLong(entry) & ~0xfffL;
    }
    return table + ((va >>> 12) & 511) * 8;
  }

  /** Writes the lowest bytes of a value, little-endian; maps what is not mapped. */
  public void put(long va, int bytes, long value) {
    map(va, bytes);
    for (int i = 0; i < bytes; i++) {
      long at = va + i;
      memory.put((memory.readLong(pte(at)) & ~0xfffL) | (at & 0xfff), (byte) (value >>> (8 * i)));
    }
  }

  public void put(long va, byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      put(va + i, 1, bytes[i]);
    }
  }

  public void pointer(String type, long va, String field, long value) {
    put(va + layout.type(type).offset(field), 8, value);
  }

  /** Writes a UNICODE_STRING, and its text at {@code buffer}. */
  public void string(long va, long buffer, String text, int pointerBytes) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_16LE);
    put(buffer, bytes);
    string(va, buffer, bytes.length, pointerBytes);
  }

  /** Writes a UNICODE_STRING without its text. */
  public void string(long va, long buffer, int length, int pointerBytes) {
    put(va, 2, length);
    put(va + 2, 2, length);
    put(va + pointerBytes, pointerBytes, buffer);
  }

  public GuestProcess process() {
    FrameReader frames = new FrameReader(memory);
    AddressSpace space = new AddressSpace(new PageTables(PagingMode.X64_4_LEVEL, frames, root));
    Kernel kernel =
        new Kernel(
            space,
            -1,
            0xffff_f800_0000_0000L,
            0,
            Optional.empty(),
            Optional.empty(),
            OptionalInt.of(layout.firstBuild()),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Map.of(),
            OptionalInt.empty(),
            "hand");
    ProcessFinding.Builder finding =
        ProcessFinding.newBuilder()
            .setPid(100)
            .setObjectVa(process)
            .setObjectGpa(space.gpa(process).orElseThrow())
            .setDirectoryTableBase(root)
            .setSeenBy(List.of());
    return new GuestProcess(new Guest(kernel, layout, null, frames), finding);
  }
}
