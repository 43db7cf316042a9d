package io.ramtide.bench.live;

import java.io.IOException;
import java.util.Random;

/** RAM that is full of random pages, in runs of 64: half of what a machine has besides Windows. */
public final class Filler {
  /** Memory fills in runs of pages, not one here and one there. */
  private static final int RUN_BYTES = 64 * 4096;

  private final Random random = new Random(1);
  private final long from;
  private final int runs;
  private final Writer writer;

  /** Writes guest-physical memory. */
  @FunctionalInterface
  public interface Writer {
    void write(long gpa, byte[] bytes) throws IOException;
  }

  /** Fills every other run. */
  public Filler(long from, long end, Writer writer) throws IOException {
    this.from = from;
    this.writer = writer;
    runs = (int) ((end - from) / RUN_BYTES / 2);
    byte[] run = new byte[RUN_BYTES];
    for (int i = 0; i < runs; i++) {
      random.nextBytes(run);
      writer.write(start(i), run);
    }
  }

  private long start(int run) {
    return from + 2L * run * RUN_BYTES;
  }

  /** Changes eight bytes in each of so many pages. */
  public void change(int pages) throws IOException {
    byte[] bytes = new byte[Long.BYTES];
    for (int i = 0; i < pages; i++) {
      random.nextBytes(bytes);
      int offset = random.nextInt(RUN_BYTES / Long.BYTES) * Long.BYTES;
      writer.write(start(random.nextInt(runs)) + offset, bytes);
    }
  }
}
