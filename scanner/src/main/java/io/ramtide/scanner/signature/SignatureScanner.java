package io.ramtide.scanner.signature;

import io.ramtide.scanner.memory.PhysicalMemory;
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
     * @param signature its position in its place's list
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

  private final List<Signature> starts;
  private final List<Signature> tags;
  private final SlotTable startTable;
  private final SlotTable tagTable;
  private final HitHandler hits;
  private final FrameHandler frames;

  public SignatureScanner(List<Signature> signatures, HitHandler hits, FrameHandler frames) {
    this.starts = at(signatures, Signature.Place.START);
    this.tags = at(signatures, Signature.Place.TAG);
    this.startTable = SlotTable.of(starts.stream().map(Signature::value).toList());
    this.tagTable = SlotTable.of(tags.stream().map(Signature::value).toList());
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

  private void slots(long gpa, ByteBuffer block, int frame) {
    int[] startValues = startTable.values();
    int startMultiplier = startTable.multiplier();
    int startShift = startTable.shift();
    int[] tagValues = tagTable.values();
    int tagMultiplier = tagTable.multiplier();
    int tagShift = tagTable.shift();
    int end = frame + PhysicalMemory.FRAME_BYTES;
    for (int offset = frame; offset < end; offset += SLOT_BYTES) {
      long slot = (long) LONG.get(block, offset);
      int start = (int) slot;
      int tag = (int) (slot >>> Integer.SIZE);
      if (startValues[(start * startMultiplier) >>> startShift] == start) {
        hits.hit(starts.get(startTable.number(start)), gpa + offset, block, offset);
      }
      if (tagValues[(tag * tagMultiplier) >>> tagShift] == tag) {
        hits.hit(tags.get(tagTable.number(tag)), gpa + offset, block, offset);
      }
    }
  }
}
