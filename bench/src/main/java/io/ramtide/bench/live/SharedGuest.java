package io.ramtide.bench.live;

import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.ram.GuestRam;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/**
 * A simulated Windows guest whose RAM is a shared file, as the memory of a QEMU guest can be. Above
 * what it knows of there is more: half of it full of random pages, as buffers and files are.
 */
final class SharedGuest {
  private static final int FRAME = MemorySource.FRAME_BYTES;

  /** Memory fills in runs of pages, not one here and one there. */
  private static final int RUN = 64;

  private final SimulatedGuest guest;
  private final MappedByteBuffer memory;
  private final List<MemoryRange> ram;
  private final BitSet used = new BitSet();
  private final long[] filler;
  private final Random random = new Random(1);
  private GuestRam written;

  /**
   * Writes the guest's RAM to a file that lies in memory.
   *
   * @param bytes of RAM in all, at most 2 GiB
   */
  SharedGuest(SimulatedGuest guest, long bytes, Path file) throws IOException {
    this.guest = guest;
    written = guest.snapshot();
    long own = written.ram().get(written.ram().size() - 1).end();
    ram =
        written.ram().stream()
            .map(r -> new MemoryRange(r.start(), (r.end() == own ? bytes : r.end()) - r.start()))
            .toList();
    try (var access = new RandomAccessFile(file.toFile(), "rw")) {
      access.setLength(bytes);
      memory = access.getChannel().map(MapMode.READ_WRITE, 0, bytes);
    }
    for (long frame : written.frames()) {
      write(frame, written.frame(frame));
    }
    filler = fill(own / FRAME, bytes / FRAME);
  }

  private long[] fill(long first, long end) {
    List<Long> frames = new ArrayList<>();
    byte[] page = new byte[FRAME];
    for (long frame = first; frame < end; frame++) {
      if (frame / RUN % 2 == 0) {
        random.nextBytes(page);
        write(frame, page);
        frames.add(frame);
      }
    }
    return frames.stream().mapToLong(Long::longValue).toArray();
  }

  private void write(long frame, byte[] content) {
    memory.put((int) (frame * FRAME), content);
    used.set((int) frame);
  }

  SimulatedGuest guest() {
    return guest;
  }

  /**
   * Brings what the guest has done into the shared memory.
   *
   * @return when all of it was there, as System.nanoTime
   */
  synchronized long flush() {
    GuestRam now = guest.snapshot();
    for (long frame : now.frames()) {
      if (!now.sharesFrame(written, frame)) {
        write(frame, now.frame(frame));
      }
    }
    byte[] zeros = new byte[FRAME];
    BitSet kept = new BitSet();
    for (long frame : now.frames()) {
      kept.set((int) frame);
    }
    for (long frame : written.frames()) {
      if (!kept.get((int) frame)) {
        write(frame, zeros);
      }
    }
    written = now;
    return System.nanoTime();
  }

  /** Pages that change and mean nothing: other programs at work. */
  synchronized void work(int pages) {
    for (int i = 0; i < pages; i++) {
      long frame = filler[random.nextInt(filler.length)];
      memory.putLong((int) (frame * FRAME) + 8 * random.nextInt(FRAME / 8), random.nextLong());
    }
  }

  /** The RAM for one capture. */
  MemorySource source() {
    return new SharedSource(memory, ram, data());
  }

  /** As SEEK_DATA and SEEK_HOLE tell it of such a file. */
  private synchronized List<MemoryRange> data() {
    List<MemoryRange> data = new ArrayList<>();
    for (int from = used.nextSetBit(0); from >= 0; ) {
      int to = used.nextClearBit(from);
      data.add(new MemoryRange((long) from * FRAME, (long) (to - from) * FRAME));
      from = used.nextSetBit(to);
    }
    return List.copyOf(data);
  }

  /** A look at the memory that does not move. */
  static ByteBuffer view(MappedByteBuffer memory, long gpa, int length) {
    return memory.slice((int) gpa, length).asReadOnlyBuffer();
  }
}
