package io.ramtide.scanner.signature;

import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.memory.FrameStatus;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.PhysicalRange;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Looks at every 16-byte slot and every frame of physical memory once. */
public final class SignatureScanner {
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int SLOT_BYTES = 16;

  /** Sees the slots that carry a signature. */
  @FunctionalInterface
  public interface HitHandler {
    /**
     * @param gpa of the slot
     * @param block little-endian, valid only during the call
     * @param offset of the slot in the block; the rest of its frame follows
     */
    void hit(Signature signature, long gpa, ByteBuffer block, int offset);
  }

  /** Sees every frame, before its slots. */
  @FunctionalInterface
  public interface FrameHandler {
    /**
     * @param offset of the frame in the block
     */
    void frame(long gpa, ByteBuffer block, int offset);
  }

  private final List<Signature> startSignatures;
  private final List<Signature> tagSignatures;
  private final SlotTable startTable;
  private final SlotTable tagTable;
  private final HitHandler hits;
  private final FrameHandler frames;

  public SignatureScanner(List<Signature> signatures, HitHandler hits, FrameHandler frames) {
    this.startSignatures = at(signatures, Signature.Place.START);
    this.tagSignatures = at(signatures, Signature.Place.TAG);
    this.startTable = new SlotTable(startSignatures.stream().map(Signature::value).toList());
    this.tagTable = new SlotTable(tagSignatures.stream().map(Signature::value).toList());
    this.hits = hits;
    this.frames = frames;
  }

  private static List<Signature> at(List<Signature> signatures, Signature.Place place) {
    return signatures.stream().filter(signature -> signature.place() == place).toList();
  }

  /** One pass over the memory. */
  public void scan(PhysicalMemory memory) {
    memory.scan(
        (gpa, block) -> {
          for (int frame = 0; frame < block.limit(); frame += PhysicalMemory.FRAME_BYTES) {
            frames.frame(gpa + frame, block, frame);
            slots(gpa, block, frame);
          }
          return true;
        });
  }

  /** Looks at some frames of the memory only. */
  public void scan(PhysicalMemory memory, FrameSet some) {
    byte[] bytes = new byte[PhysicalMemory.FRAME_BYTES];
    ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (PhysicalRange run : some.runs()) {
      for (long gpa = run.gpa(); gpa < run.end(); gpa += PhysicalMemory.FRAME_BYTES) {
        if (memory.status(gpa) == FrameStatus.DATA
            && memory.read(gpa, bytes, 0, bytes.length) == bytes.length) {
          frames.frame(gpa, block, 0);
          slots(gpa, block, 0);
        }
      }
    }
  }

  /** Two slots a turn, one branch for both: hits are rare, and this is the scanner's hot loop. */
  private void slots(long gpa, ByteBuffer block, int frame) {
    int[] starts = startTable.values();
    int[] tags = tagTable.values();
    int startFactor = startTable.multiplier();
    int tagFactor = tagTable.multiplier();
    // The masks change nothing; they show the compiler that no index is out of bounds.
    int startMask = starts.length - 1;
    int tagMask = tags.length - 1;
    int end = frame + PhysicalMemory.FRAME_BYTES;
    for (int offset = frame; offset < end; offset += 2 * SLOT_BYTES) {
      long first = (long) LONG.get(block, offset);
      long second = (long) LONG.get(block, offset + SLOT_BYTES);
      int start1 = (int) first;
      int start2 = (int) second;
      int tag1 = (int) (first >>> Integer.SIZE);
      int tag2 = (int) (second >>> Integer.SIZE);
      if (starts[((start1 * startFactor) >>> SlotTable.SHIFT) & startMask] == start1
          || tags[((tag1 * tagFactor) >>> SlotTable.SHIFT) & tagMask] == tag1
          || starts[((start2 * startFactor) >>> SlotTable.SHIFT) & startMask] == start2
          || tags[((tag2 * tagFactor) >>> SlotTable.SHIFT) & tagMask] == tag2) {
        slot(first, gpa, block, offset);
        slot(second, gpa, block, offset + SLOT_BYTES);
      }
    }
  }

  private void slot(long slot, long gpa, ByteBuffer block, int offset) {
    int start = startTable.number((int) slot);
    if (start >= 0) {
      hits.hit(startSignatures.get(start), gpa + offset, block, offset);
    }
    int tag = tagTable.number((int) (slot >>> Integer.SIZE));
    if (tag >= 0) {
      hits.hit(tagSignatures.get(tag), gpa + offset, block, offset);
    }
  }
}
