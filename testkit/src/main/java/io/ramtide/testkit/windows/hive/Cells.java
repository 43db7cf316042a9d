package io.ramtide.testkit.windows.hive;

import io.ramtide.testkit.windows.KernelFacts;
import java.util.Arrays;

/** The cells of a hive by their indices: bit 31 volatile, the rest the offset in its storage. */
public final class Cells {

  /** The index of no cell. */
  public static final int NIL = -1;

  private static final int VOLATILE = 1 << 31;
  private static final int SIZE_BYTES = 4;

  public final KernelFacts facts;
  private final Storage stable;
  private final Storage transientStorage;

  public Cells(KernelFacts facts, Storage stable, Storage transientStorage) {
    this.facts = facts;
    this.stable = stable;
    this.transientStorage = transientStorage;
  }

  public static boolean isVolatile(int cell) {
    return (cell & VOLATILE) != 0;
  }

  public int allocate(boolean inVolatile, int bytes, long now) {
    int offset = storage(inVolatile).allocate(bytes, now);
    return inVolatile ? offset | VOLATILE : offset;
  }

  public void free(int cell) {
    of(cell).free(offset(cell));
  }

  /** Gives a cell back if there is one. */
  public void freeIfAny(int cell) {
    if (cell != NIL) {
      free(cell);
    }
  }

  public int room(int cell) {
    return of(cell).room(offset(cell));
  }

  public void put(int cell, int at, byte[] bytes) {
    of(cell).put(offset(cell) + SIZE_BYTES + at, bytes);
  }

  public void putShort(int cell, int at, int value) {
    of(cell).putShort(offset(cell) + SIZE_BYTES + at, value);
  }

  public void putInt(int cell, int at, int value) {
    of(cell).putInt(offset(cell) + SIZE_BYTES + at, value);
  }

  public void putLong(int cell, int at, long value) {
    of(cell).putLong(offset(cell) + SIZE_BYTES + at, value);
  }

  public CellStruct struct(String type, int cell) {
    return new CellStruct(this, type, cell);
  }

  public boolean inRam(int cell) {
    return of(cell).inRam(offset(cell));
  }

  /** GPA of the first byte of a cell's content; -1 if it is not in RAM. */
  public long gpa(int cell) {
    int at = offset(cell) + SIZE_BYTES;
    Block block = of(cell).blocks().get(at / HivePages.PAGE);
    return block.inRam() ? block.gpa + at % HivePages.PAGE : -1;
  }

  /** Number of the block in its storage that a cell's content begins in. */
  public static int block(int cell) {
    return (offset(cell) + SIZE_BYTES) / HivePages.PAGE;
  }

  /** Whether a freed cell's content still begins with given bytes and nobody has its place. */
  public boolean isLeftOver(int cell, byte[] content) {
    Storage storage = of(cell);
    int at = offset(cell) + SIZE_BYTES;
    if (!storage.isFree(at, content.length)) {
      return false;
    }
    byte[] now = new byte[content.length];
    storage.bytes().get(at, now);
    return Arrays.equals(now, content);
  }

  public byte[] get(int cell, int count) {
    byte[] content = new byte[count];
    of(cell).bytes().get(offset(cell) + SIZE_BYTES, content);
    return content;
  }

  public Storage storage(boolean inVolatile) {
    return inVolatile ? transientStorage : stable;
  }

  public void flush() {
    stable.flush();
    transientStorage.flush();
  }

  private Storage of(int cell) {
    return storage(isVolatile(cell));
  }

  private static int offset(int cell) {
    return cell & ~VOLATILE;
  }
}
