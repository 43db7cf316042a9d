package io.ramtide.scanner.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Frames, as ascending runs that neither overlap nor touch; or all frames.
 *
 * @param runs used only if not all
 */
public record FrameSet(boolean isAll, List<PhysicalRange> runs) {
  public static final FrameSet ALL = new FrameSet(true, List.of());

  public FrameSet {
    runs = List.copyOf(runs);
  }

  /** Whether it has the frame that holds the address. */
  public boolean contains(long gpa) {
    if (isAll) {
      return true;
    }
    int low = 0;
    int high = runs.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      PhysicalRange run = runs.get(middle);
      if (gpa < run.gpa()) {
        high = middle - 1;
      } else if (gpa >= run.end()) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  /** The same and some consecutive frames. */
  public FrameSet with(long firstFrame, long frames) {
    if (isAll) {
      return this;
    }
    Builder all = new Builder(runs.size() + 1);
    all.add(firstFrame, frames);
    for (PhysicalRange run : runs) {
      all.add(run.gpa() / PhysicalMemory.FRAME_BYTES, run.length() / PhysicalMemory.FRAME_BYTES);
    }
    return all.build();
  }

  /** Gathers frames in any order. What it holds is bounded: beyond that it is all frames. */
  public static final class Builder {
    private final int most;
    private long[] firsts = new long[64];
    private long[] counts = new long[64];
    private int size;
    private boolean all;

    /**
     * @param most runs
     */
    public Builder(int most) {
      this.most = most;
    }

    /** Adds consecutive frames; a frame number is a GPA divided by 4096. */
    public void add(long firstFrame, long frames) {
      if (all) {
        return;
      }
      if (size > 0 && firsts[size - 1] + counts[size - 1] == firstFrame) {
        counts[size - 1] += frames;
        return;
      }
      if (size == most) {
        addAll();
        return;
      }
      if (size == firsts.length) {
        firsts = Arrays.copyOf(firsts, Math.min(most, 2 * size));
        counts = Arrays.copyOf(counts, firsts.length);
      }
      firsts[size] = firstFrame;
      counts[size++] = frames;
    }

    public void addAll() {
      all = true;
      size = 0;
    }

    public FrameSet build() {
      if (all) {
        return ALL;
      }
      List<PhysicalRange> sorted = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        sorted.add(
            new PhysicalRange(
                firsts[i] * PhysicalMemory.FRAME_BYTES, counts[i] * PhysicalMemory.FRAME_BYTES));
      }
      sorted.sort(Comparator.comparingLong(PhysicalRange::gpa));
      return new FrameSet(false, joined(sorted));
    }

    private static List<PhysicalRange> joined(List<PhysicalRange> sorted) {
      List<PhysicalRange> runs = new ArrayList<>(sorted.size());
      for (PhysicalRange next : sorted) {
        PhysicalRange last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
        if (last != null && next.gpa() <= last.end()) {
          long end = Math.max(last.end(), next.end());
          runs.set(runs.size() - 1, new PhysicalRange(last.gpa(), end - last.gpa()));
        } else {
          runs.add(next);
        }
      }
      return runs;
    }
  }
}
