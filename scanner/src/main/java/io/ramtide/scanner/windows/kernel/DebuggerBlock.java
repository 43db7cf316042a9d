package io.ramtide.scanner.windows.kernel;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.paging.PagingMode;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.scan.GuestScan;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * KDDEBUGGER_DATA64, where it is in the clear (Windows 7, or later with a debugger attached).
 *
 * @param kernelBase VA
 * @param activeProcessHead VA of PsActiveProcessHead
 * @param loadedModuleList VA of PsLoadedModuleList; 0 where it names none in the image
 * @param cidTable VA of PspCidTable; 0 where it names none in the image
 */
public record DebuggerBlock(
    long kernelBase, long activeProcessHead, long loadedModuleList, long cidTable) {
  private static final int MAX_BLOCKS = 64;

  /** The plausible ones among the scan's hits: pointers of the kernel half, a page-aligned base. */
  public static List<DebuggerBlock> read(GuestScan scan, FrameReader frames, PagingMode mode) {
    StructType type = SymbolStore.shipped().common().type("KDDEBUGGER_DATA64");
    int length = type.offset("PspCidTable") + Long.BYTES;
    List<DebuggerBlock> blocks = new ArrayList<>();
    for (long tag : scan.debuggerBlocks()) {
      long gpa = tag - type.offset("OwnerTag");
      byte[] bytes = new byte[length];
      if (gpa < 0 || frames.read(gpa, bytes, 0, length) < length) {
        continue;
      }
      ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      long base = block.getLong(type.offset("KernBase"));
      long head = block.getLong(type.offset("PsActiveProcessHead"));
      if (mode.isKernel(base)
          && base % PhysicalMemory.FRAME_BYTES == 0
          && mode.isKernel(head)
          && head > base
          && head - base < PeImage.MAX_SIZE) {
        long modules = block.getLong(type.offset("PsLoadedModuleList"));
        long cids = block.getLong(type.offset("PspCidTable"));
        blocks.add(new DebuggerBlock(base, head, inImage(modules, base), inImage(cids, base)));
      }
      if (blocks.size() == MAX_BLOCKS) {
        break;
      }
    }
    return blocks;
  }

  private static long inImage(long va, long base) {
    return va > base && va - base < PeImage.MAX_SIZE ? va : 0;
  }
}
