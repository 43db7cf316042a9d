package io.ramtide.scanner.windows.process;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.symbols.SymbolStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Pool blocks that hold a process: pool header, optional headers, object header, EPROCESS. */
final class PoolHeaders {
  private static final int ALIGNMENT = 16;

  /** Block sizes count 16 bytes. */
  private static final int BLOCK_UNIT = 16;

  /** Name, handle, quota, process, creator and padding information fit into this. */
  private static final int MAX_OPTIONAL_HEADERS = 0xa0;

  private final int tag;
  private final int tagOffset;
  private final int blockSizeOffset;
  private final int headerSize;
  private final int body;
  private final int processSize;

  PoolHeaders(Layout layout, int processSize) {
    StructType header = SymbolStore.shipped().common().type("POOL_HEADER");
    this.tag = layout.processTag();
    this.tagOffset = header.offset("PoolTag");
    this.blockSizeOffset = header.offset("BlockSize");
    this.headerSize = header.size();
    this.body = SymbolStore.shipped().common().type("OBJECT_HEADER").offset("Body");
    this.processSize = processSize;
  }

  ByteBuffer read(FrameReader frames, long gpa) {
    byte[] bytes = new byte[headerSize];
    frames.read(gpa, bytes, 0, headerSize);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** How far behind this header a process can be, given the size of its block. */
  int[] offsets(ByteBuffer header) {
    int block = block(header);
    return IntStream.rangeClosed(0, MAX_OPTIONAL_HEADERS / ALIGNMENT)
        .map(headers -> headerSize + headers * ALIGNMENT + body)
        .filter(offset -> offset + processSize <= block)
        .toArray();
  }

  /** Whether a header with the tag and a large enough block precedes a process, by its VA. */
  boolean precedes(AddressSpace space, OptionalLong process) {
    return precedes(space, process, (needed, block) -> needed <= block);
  }

  /** Whether the block is just as large as this layout's process makes it. */
  boolean precedesExactly(AddressSpace space, OptionalLong process) {
    return precedes(
        space, process, (needed, block) -> needed <= block && block < needed + BLOCK_UNIT);
  }

  /** Compares the bytes that header and process need with those the block has. */
  private interface SizeCheck {
    boolean fits(int needed, int block);
  }

  private boolean precedes(AddressSpace space, OptionalLong process, SizeCheck check) {
    if (process.isEmpty()) {
      return false;
    }
    for (int extra = 0; extra <= MAX_OPTIONAL_HEADERS; extra += ALIGNMENT) {
      int distance = headerSize + extra + body;
      byte[] bytes = new byte[headerSize];
      long va = process.getAsLong() - distance;
      ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      if (space.read(va, bytes, 0, headerSize).isComplete()
          && header.getInt(tagOffset) == tag
          && check.fits(distance + processSize, block(header))) {
        return true;
      }
    }
    return false;
  }

  private int block(ByteBuffer header) {
    return (header.get(blockSizeOffset) & 0xff) * BLOCK_UNIT;
  }
}
