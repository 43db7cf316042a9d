package io.ramtide.scanner.windows;

import io.ramtide.scanner.memory.FrameStatus;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.PhysicalRange;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Counts what is read of a memory: unlike seconds, that is the same on every machine. */
final class CountingMemory implements PhysicalMemory {
  private final PhysicalMemory memory;
  private long reads;
  private int passes;

  CountingMemory(PhysicalMemory memory) {
    this.memory = memory;
  }

  /** Reads of at most a frame. */
  long reads() {
    return reads;
  }

  /** Passes over the whole memory. */
  int passes() {
    return passes;
  }

  @Override
  public List<PhysicalRange> ram() {
    return memory.ram();
  }

  @Override
  public FrameStatus status(long gpa) {
    return memory.status(gpa);
  }

  @Override
  public int read(long gpa, byte[] target, int offset, int length) {
    reads += (length + FRAME_BYTES - 1) / FRAME_BYTES;
    return memory.read(gpa, target, offset, length);
  }

  @Override
  public Optional<ByteBuffer> frame(long gpa) {
    reads++;
    return memory.frame(gpa);
  }

  @Override
  public boolean scan(BlockVisitor visitor) {
    passes++;
    return memory.scan(visitor);
  }
}
