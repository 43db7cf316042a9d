package io.ramtide.scanner.memory;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** A memory, and the CR3s that whoever read it knew. */
public record MemoryWithCr3s(PhysicalMemory memory, List<Long> cr3s) implements PhysicalMemory {
  public MemoryWithCr3s {
    cr3s = List.copyOf(cr3s);
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
    return memory.read(gpa, target, offset, length);
  }

  @Override
  public Optional<ByteBuffer> frame(long gpa) {
    return memory.frame(gpa);
  }

  @Override
  public boolean scan(BlockVisitor visitor) {
    return memory.scan(visitor);
  }

  @Override
  public PhysicalMemory underlying() {
    return memory.underlying();
  }
}
