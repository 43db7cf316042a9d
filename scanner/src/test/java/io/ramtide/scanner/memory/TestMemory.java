package io.ramtide.scanner.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Physical memory over buffers: a raw file, an ELF core, or frames put together by hand. */
public final class TestMemory implements PhysicalMemory {
  private final TreeMap<Long, ByteBuffer> runs = new TreeMap<>();

  /** Hand-made memory of {@code bytes}, all zero; outside the heap, as a capture is. */
  public static TestMemory ofSize(int bytes) {
    TestMemory memory = new TestMemory();
    memory.runs.put(0L, ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN));
    return memory;
  }

  /** A raw dump: file offset = GPA. */
  public static TestMemory raw(Path file) throws IOException {
    TestMemory memory = new TestMemory();
    memory.runs.put(0L, map(file));
    return memory;
  }

  /** An ELF64 core: one run a PT_LOAD, joined where they touch. */
  public static TestMemory elfCore(Path file) throws IOException {
    ByteBuffer elf = map(file);
    TestMemory memory = new TestMemory();
    int headers = (int) elf.getLong(32);
    for (int i = 0; i < elf.getShort(56); i++) {
      int header = headers + i * 56;
      if (elf.getInt(header) == 1) {
        memory.runs.put(
            elf.getLong(header + 24),
            elf.slice((int) elf.getLong(header + 8), (int) elf.getLong(header + 32))
                .order(ByteOrder.LITTLE_ENDIAN));
      }
    }
    return memory;
  }

  private static ByteBuffer map(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return channel
          .map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
          .order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  /** Writes to hand-made memory. */
  public void putLong(long gpa, long value) {
    runs.get(0L).putLong((int) gpa, value);
  }

  public void putInt(long gpa, int value) {
    runs.get(0L).putInt((int) gpa, value);
  }

  public void put(long gpa, byte... bytes) {
    runs.get(0L).put((int) gpa, bytes);
  }

  public long readLong(long gpa) {
    return runs.get(0L).getLong((int) gpa);
  }

  /** This memory without the frame of {@code gpa}. */
  public TestMemory without(long gpa) {
    TestMemory rest = new TestMemory();
    long frame = gpa & -FRAME_BYTES;
    runs.forEach(
        (start, run) -> {
          if (frame < start || frame >= start + run.limit()) {
            rest.runs.put(start, run);
            return;
          }
          int cut = (int) (frame - start);
          if (cut > 0) {
            rest.runs.put(start, run.slice(0, cut).order(ByteOrder.LITTLE_ENDIAN));
          }
          int after = cut + FRAME_BYTES;
          if (after < run.limit()) {
            rest.runs.put(
                start + after,
                run.slice(after, run.limit() - after).order(ByteOrder.LITTLE_ENDIAN));
          }
        });
    return rest;
  }

  @Override
  public List<PhysicalRange> ram() {
    List<PhysicalRange> ranges = new ArrayList<>();
    runs.forEach((gpa, run) -> ranges.add(new PhysicalRange(gpa, run.limit())));
    return ranges;
  }

  @Override
  public FrameStatus status(long gpa) {
    Map.Entry<Long, ByteBuffer> run = runs.floorEntry(gpa);
    return run != null && gpa - run.getKey() < run.getValue().limit()
        ? FrameStatus.DATA
        : FrameStatus.ABSENT;
  }

  @Override
  public int read(long gpa, byte[] target, int offset, int length) {
    int done = 0;
    while (done < length && status(gpa + done) == FrameStatus.DATA) {
      Map.Entry<Long, ByteBuffer> run = runs.floorEntry(gpa + done);
      int at = (int) (gpa + done - run.getKey());
      int part = Math.min(length - done, run.getValue().limit() - at);
      run.getValue().get(at, target, offset + done, part);
      done += part;
    }
    return done;
  }

  @Override
  public Optional<ByteBuffer> frame(long gpa) {
    Map.Entry<Long, ByteBuffer> run = runs.floorEntry(gpa);
    if (run == null || gpa - run.getKey() > run.getValue().limit() - FRAME_BYTES) {
      return PhysicalMemory.super.frame(gpa);
    }
    int at = (int) (gpa - run.getKey());
    return Optional.of(run.getValue().slice(at, FRAME_BYTES).order(ByteOrder.LITTLE_ENDIAN));
  }

  @Override
  public boolean scan(BlockVisitor visitor) {
    for (Map.Entry<Long, ByteBuffer> run : runs.entrySet()) {
      ByteBuffer block =
          run.getValue().asReadOnlyBuffer().position(0).order(ByteOrder.LITTLE_ENDIAN);
      if (!visitor.block(run.getKey(), block)) {
        return false;
      }
    }
    return true;
  }
}
