package io.ramtide.cli.inspect;

import io.ramtide.acquirer.Progress;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.scanner.memory.FrameStatus;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.PhysicalRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A dump as the scanner sees memory. A failing source ends the analysis with an
 * UncheckedIOException: that is the file's trouble, not the guest's.
 */
public final class SourceMemory implements PhysicalMemory {
  /** Large enough to make calls rare, small enough to be in any source's mapping. */
  private static final int SCAN_BLOCK = 16 << 20;

  private final MemorySource source;
  private final Progress progress;
  private final long dataBytes;
  private final List<PhysicalRange> ram;
  private final Ranges ramRanges;
  private final Ranges data;
  private final Ranges unreadable;

  public SourceMemory(MemorySource source) {
    this(source, Progress.NONE);
  }

  /**
   * @param progress hears how far a scan is, in bytes of data
   */
  public SourceMemory(MemorySource source, Progress progress) {
    this.source = source;
    this.progress = progress;
    this.dataBytes = source.data().stream().mapToLong(MemoryRange::length).sum();
    this.ram =
        source.ram().stream().map(range -> new PhysicalRange(range.gpa(), range.length())).toList();
    this.ramRanges = new Ranges(source.ram());
    this.data = new Ranges(source.data());
    this.unreadable = new Ranges(source.unreadable());
  }

  /** Ascending disjoint ranges, looked up by address. */
  private static final class Ranges {
    private final long[] starts;
    private final long[] ends;

    Ranges(List<MemoryRange> ranges) {
      starts = ranges.stream().mapToLong(MemoryRange::gpa).toArray();
      ends = ranges.stream().mapToLong(MemoryRange::end).toArray();
    }

    /** The end of the range that holds the address, or 0. */
    long endAt(long gpa) {
      int at = indexAt(gpa);
      return at >= 0 && gpa < ends[at] ? ends[at] : 0;
    }

    /** Where the first range begins that lies after the address, or Long.MAX_VALUE. */
    long nextAfter(long gpa) {
      int next = indexAt(gpa) + 1;
      return next < starts.length ? starts[next] : Long.MAX_VALUE;
    }

    private int indexAt(long gpa) {
      int found = Arrays.binarySearch(starts, gpa);
      return found >= 0 ? found : -found - 2;
    }
  }

  @Override
  public List<Long> cr3s() {
    return source.cr3s();
  }

  @Override
  public List<PhysicalRange> ram() {
    return ram;
  }

  @Override
  public FrameStatus status(long gpa) {
    if (data.endAt(gpa) != 0) {
      return FrameStatus.DATA;
    }
    if (ramRanges.endAt(gpa) == 0) {
      return FrameStatus.ABSENT;
    }
    return unreadable.endAt(gpa) != 0 ? FrameStatus.UNREADABLE : FrameStatus.ZERO;
  }

  @Override
  public int read(long gpa, byte[] target, int offset, int length) {
    int done = 0;
    while (done < length) {
      long at = gpa + done;
      long dataEnd = data.endAt(at);
      if (dataEnd != 0) {
        int part = (int) Math.min(length - done, dataEnd - at);
        readData(at, ByteBuffer.wrap(target, offset + done, part));
        done += part;
      } else if (status(at) == FrameStatus.ZERO) {
        long end =
            Math.min(ramRanges.endAt(at), Math.min(data.nextAfter(at), unreadable.nextAfter(at)));
        int part = (int) Math.min(length - done, end - at);
        Arrays.fill(target, offset + done, offset + done + part, (byte) 0);
        done += part;
      } else {
        return done;
      }
    }
    return done;
  }

  private void readData(long gpa, ByteBuffer target) {
    try {
      source.read(gpa, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<ByteBuffer> frame(long gpa) {
    return data.endAt(gpa) >= gpa + FRAME_BYTES
        ? Optional.of(view(gpa, FRAME_BYTES))
        : PhysicalMemory.super.frame(gpa);
  }

  @Override
  public boolean scan(BlockVisitor visitor) {
    long done = 0;
    for (MemoryRange range : source.data()) {
      for (long gpa = range.gpa(); gpa < range.end(); gpa += SCAN_BLOCK) {
        int length = (int) Math.min(SCAN_BLOCK, range.end() - gpa);
        if (!visitor.block(gpa, view(gpa, length))) {
          return false;
        }
        done += length;
        progress.at(done, dataBytes);
      }
    }
    return true;
  }

  private ByteBuffer view(long gpa, int length) {
    try {
      return source.view(gpa, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
