package io.ramtide.acquirer.qemu.stream;

import io.ramtide.acquirer.qemu.GuestLayout;
import io.ramtide.acquirer.qemu.RamRegion;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;

/** The RAM that a stream held, by guest-physical address. */
public final class RamImage implements Closeable {
  private static final int FRAME = MemorySource.FRAME_BYTES;
  private static final int SPAN = 1 << 20;

  private final GuestLayout layout;
  private final BlockPages blocks;
  private final PageIndex index;
  private final FileChannel file;
  private final ImageRanges ranges;
  private final ByteBuffer span = ByteBuffer.allocateDirect(SPAN);

  RamImage(GuestLayout layout, BlockPages blocks, PageIndex index, FileChannel file)
      throws IOException {
    this.layout = layout;
    this.blocks = blocks;
    this.index = index;
    this.file = file;
    ranges = ImageRanges.of(layout, (region, gpa) -> index.get(blocks.page(region, gpa)));
  }

  /** The layout that its pages were taken by. */
  public GuestLayout layout() {
    return layout;
  }

  /** What may be non-zero, as {@link MemorySource#data}. */
  public List<MemoryRange> data() {
    return ranges.data();
  }

  /** What the stream left out, as {@link MemorySource#unreadable}. */
  public List<MemoryRange> missing() {
    return ranges.missing();
  }

  /**
   * Fills the target.
   *
   * @throws IOException if the file cannot be read any more
   */
  public void read(long gpa, ByteBuffer target) throws IOException {
    long at = gpa;
    while (target.hasRemaining()) {
      RamRegion region = region(at);
      long left = Math.min(target.remaining(), region.range().end() - at);
      int offset = (int) (at % FRAME);
      if (offset == 0 && left >= FRAME) {
        at += pages(region, at, (int) (left / FRAME), target);
      } else {
        int length = (int) Math.min(left, FRAME - offset);
        ByteBuffer page = ByteBuffer.allocate(FRAME);
        pages(region, at - offset, 1, page);
        target.put(page.flip().slice(offset, length));
        at += length;
      }
    }
  }

  /** Puts pages that are zero, or close to each other in the file; returns how many bytes. */
  private int pages(RamRegion region, long gpa, int most, ByteBuffer target) throws IOException {
    long first = blocks.page(region, gpa);
    long start = index.get(first);
    if (start <= PageIndex.ZERO) {
      target.put(new byte[FRAME]);
      return FRAME;
    }
    int count = 1;
    long end = start;
    while (count < most) {
      long next = index.get(first + count);
      if (next < end + FRAME || next + FRAME > start + SPAN || next > end + 2 * FRAME) {
        break;
      }
      end = next;
      count++;
    }
    fill(start, (int) (end + FRAME - start));
    for (int i = 0; i < count; i++) {
      target.put(span.slice((int) (index.get(first + i) - start), FRAME));
    }
    return count * FRAME;
  }

  private void fill(long offset, int length) throws IOException {
    span.clear().limit(length);
    while (span.hasRemaining()) {
      if (file.read(span, offset + span.position()) < 0) {
        throw new IOException(
            "the guest's RAM could not be read: its file has shrunk to %d bytes"
                .formatted(file.size()));
      }
    }
  }

  private RamRegion region(long gpa) {
    for (RamRegion region : layout.regions()) {
      if (gpa < region.range().end() && gpa >= region.range().gpa()) {
        return region;
      }
    }
    throw new IndexOutOfBoundsException("no RAM at GPA 0x%x".formatted(gpa));
  }

  @Override
  public void close() throws IOException {
    index.close();
    file.close();
  }
}
