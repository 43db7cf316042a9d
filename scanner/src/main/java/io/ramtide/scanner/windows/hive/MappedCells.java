package io.ramtide.scanner.windows.hive;

import io.ramtide.scanner.memory.FrameReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Cells by the maps of both storages. */
final class MappedCells implements HiveCells {
  /** Longest cell that Windows takes for sane (HSANE_CELL_MAX). */
  static final int MAX_CELL = 1 << 20;

  private static final int SIZE_BYTES = Integer.BYTES;
  private static final int ALIGNMENT = 8;
  private static final int BLOCK_SHIFT = 12;
  private static final int BLOCK_MASK = BLOCK - 1;

  private final FrameReader frames;
  private final List<StorageMap> storages;

  MappedCells(FrameReader frames, StorageMap stable, StorageMap vola) {
    this.frames = frames;
    this.storages = List.of(stable, vola);
  }

  @Override
  public int blocks(int storage) {
    return storages.get(storage).blocks();
  }

  @Override
  public OptionalLong gpa(int storage, int block) {
    return storages.get(storage).gpa(block);
  }

  @Override
  public Optional<String> gap(int storage, int block) {
    return storages.get(storage).gap(block);
  }

  @Override
  public boolean isBinStart(int storage, int block) {
    return storages.get(storage).isBinStart(block);
  }

  @Override
  public Cell cell(int cell) {
    StorageMap map = storages.get(cell >>> 31);
    int offset = cell & Integer.MAX_VALUE;
    int block = offset >>> BLOCK_SHIFT;
    if (block >= map.blocks()) {
      return new Cell.Missing("outside the hive");
    }
    if (offset % ALIGNMENT != 0) {
      return new Cell.Missing("no cell begins there");
    }
    ByteBuffer first = frame(map, block);
    if (first == null) {
      return new Cell.Missing(map.gap(block).orElse("could not be read"));
    }
    int inBlock = offset & BLOCK_MASK;
    int size = first.getInt(inBlock);
    long length = Math.abs((long) size);
    if (length < ALIGNMENT || length % ALIGNMENT != 0 || length > MAX_CELL) {
      return new Cell.Missing("its size cannot be");
    }
    boolean isFree = size > 0;
    long gpa = map.gpa(block).orElseThrow() + inBlock + SIZE_BYTES;
    int bytes = (int) length - SIZE_BYTES;
    if (inBlock + length <= BLOCK) {
      ByteBuffer content = first.slice(inBlock + SIZE_BYTES, bytes);
      return new Cell.Present(content.order(ByteOrder.LITTLE_ENDIAN), isFree, gpa);
    }
    return scattered(map, offset + SIZE_BYTES, bytes, isFree, gpa);
  }

  private Cell scattered(StorageMap map, int offset, int length, boolean isFree, long gpa) {
    int last = (int) (((long) offset + length - 1) >>> BLOCK_SHIFT);
    if (last >= map.blocks()) {
      return new Cell.Missing("its size reaches beyond the hive");
    }
    int block = offset >>> BLOCK_SHIFT;
    for (int next = block + 1; next <= last; next++) {
      if (map.isBinStart(next)) {
        return new Cell.Missing("its size reaches beyond its bin");
      }
    }
    byte[] bytes = new byte[length];
    int done = 0;
    while (done < length) {
      int at = offset + done;
      int part = Math.min(length - done, BLOCK - (at & BLOCK_MASK));
      ByteBuffer frame = frame(map, at >>> BLOCK_SHIFT);
      if (frame == null) {
        return new Cell.Missing(map.gap(at >>> BLOCK_SHIFT).orElse("could not be read"));
      }
      frame.get(at & BLOCK_MASK, bytes, done, part);
      done += part;
    }
    return new Cell.Present(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), isFree, gpa);
  }

  private ByteBuffer frame(StorageMap map, int block) {
    OptionalLong gpa = map.gpa(block);
    return gpa.isPresent() ? frames.frame(gpa.getAsLong()).orElse(null) : null;
  }
}
