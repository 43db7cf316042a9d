package io.ramtide.acquirer.dump;

import io.ramtide.acquirer.dump.DumpContents.Segment;
import io.ramtide.acquirer.host.FileExtent;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Which frame comes from where: the segments of a dump, cut into whole frames.
 *
 * @param pieces where the bytes are, ascending and disjoint
 */
record DumpLayout(
    List<MemoryRange> ram,
    List<Piece> pieces,
    List<MemoryRange> unreadable,
    List<String> warnings) {

  private static final int MAX_WARNINGS = 8;

  /** A range of frames and where its bytes are. */
  sealed interface Piece permits Direct, Assembled {
    MemoryRange range();
  }

  /** Frames that lie in the file as they are, at any offset. */
  record Direct(MemoryRange range, long offset) implements Piece {}

  /** One frame of which segments hold only parts; the rest is zero. */
  record Assembled(MemoryRange range, List<Part> parts) implements Piece {}

  /** Bytes of a frame. */
  record Part(int at, long offset, int length) {}

  static DumpLayout of(DumpFile file, List<Segment> unordered) throws UnreadableDumpException {
    return new Builder(file).build(joined(file, unordered));
  }

  /** In order of address; segments that show the same bytes of the file twice are joined. */
  private static List<Segment> joined(DumpFile file, List<Segment> unordered)
      throws UnreadableDumpException {
    List<Segment> sorted = new ArrayList<>(unordered);
    sorted.sort(Comparator.comparingLong(Segment::gpa));
    List<Segment> joined = new ArrayList<>();
    long ram = 0;
    for (Segment segment : sorted) {
      Segment last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (last == null || segment.gpa() >= last.end()) {
        joined.add(segment);
      } else {
        ram -= last.memoryBytes();
        joined.set(joined.size() - 1, union(file, last, segment));
      }
      ram += joined.get(joined.size() - 1).memoryBytes();
      if (ram > DumpContents.MAX_RAM) {
        throw new UnreadableDumpException(
            file + ": its headers claim more than 64 TiB of RAM: the file is corrupt");
      }
    }
    return joined;
  }

  private static Segment union(DumpFile file, Segment first, Segment second)
      throws UnreadableDumpException {
    long fileEnd = first.gpa() + first.fileBytes();
    long secondFileEnd = second.gpa() + second.fileBytes();
    boolean sameBytes = first.delta() == second.delta() && second.gpa() <= fileEnd;
    // Where one says zero and the other has bytes, they contradict each other.
    boolean sameZeros =
        fileEnd == secondFileEnd
            || (fileEnd < secondFileEnd ? fileEnd == first.end() : secondFileEnd == second.end());
    if (!sameBytes || !sameZeros) {
      throw new UnreadableDumpException(
          "%s: %s and %s overlap with different bytes: the file is corrupt"
              .formatted(file, first, second));
    }
    return new Segment(
        first.name(),
        first.gpa(),
        Math.max(first.end(), second.end()) - first.gpa(),
        first.offset(),
        Math.max(fileEnd, secondFileEnd) - first.gpa());
  }

  private static final class Builder {
    private static final int FRAME = MemorySource.FRAME_BYTES;

    private final DumpFile file;
    private final List<FileExtent> extents;
    private final List<MemoryRange> ram = new ArrayList<>();
    private final List<MemoryRange> unreadable = new ArrayList<>();
    private final List<Piece> pieces = new ArrayList<>();
    private final TreeMap<Long, List<Part>> parts = new TreeMap<>();
    private final List<String> warnings = new ArrayList<>();
    private int truncated;

    Builder(DumpFile file) {
      this.file = file;
      extents = file.extents();
    }

    DumpLayout build(List<Segment> segments) {
      for (Segment segment : segments) {
        add(segment);
      }
      if (truncated > MAX_WARNINGS) {
        warnings.add("%d more segments lie behind it".formatted(truncated - MAX_WARNINGS));
      }
      List<MemoryRange> missing = Frames.merged(unreadable);
      missing.forEach(range -> parts.subMap(range.gpa(), range.end()).clear());
      parts.forEach(
          (gpa, each) -> pieces.add(new Assembled(new MemoryRange(gpa, FRAME), List.copyOf(each))));
      pieces.sort(Comparator.comparingLong(piece -> piece.range().gpa()));
      return new DumpLayout(
          Frames.merged(ram), List.copyOf(pieces), missing, List.copyOf(warnings));
    }

    private void add(Segment segment) {
      ram.add(Frames.between(Frames.down(segment.gpa()), Frames.up(segment.end())));
      long there = Math.max(0, Math.min(segment.fileBytes(), file.size() - segment.offset()));
      long end = segment.gpa() + there;
      if (there < segment.fileBytes()) {
        truncated(segment, end);
      }
      long whole = Frames.up(segment.gpa());
      long wholeEnd = Frames.down(end);
      if (whole < wholeEnd) {
        addDirect(whole, wholeEnd, segment.delta());
      }
      addPart(segment.gpa(), Math.min(whole, end), segment.delta());
      addPart(Math.max(whole, wholeEnd), end, segment.delta());
    }

    private void truncated(Segment segment, long end) {
      unreadable.add(
          Frames.between(Frames.down(end), Frames.up(segment.gpa() + segment.fileBytes())));
      if (++truncated <= MAX_WARNINGS) {
        warnings.add(
            "%s needs bytes up to file offset 0x%x, but the file ends at 0x%x: it is truncated"
                .formatted(segment, segment.fileEnd(), file.size()));
      }
    }

    private void addPart(long gpa, long end, long delta) {
      if (gpa < end) {
        long frame = Frames.down(gpa);
        parts
            .computeIfAbsent(frame, key -> new ArrayList<>())
            .add(new Part((int) (gpa - frame), gpa + delta, (int) (end - gpa)));
      }
    }

    /** Whole frames, without those that are holes of the file. */
    private void addDirect(long gpa, long end, long delta) {
      long done = gpa;
      for (int i = firstExtentAfter(gpa + delta); i < extents.size(); i++) {
        FileExtent extent = extents.get(i);
        if (extent.start() - delta >= end) {
          break;
        }
        long from = Math.max(done, Frames.down(Math.max(gpa, extent.start() - delta)));
        done = Math.min(end, Frames.up(extent.end() - delta));
        for (long at = from; at < done; at += DumpFile.MAX_VIEW) {
          long length = Math.min(DumpFile.MAX_VIEW, done - at);
          pieces.add(new Direct(new MemoryRange(at, length), at + delta));
        }
        done = Math.max(done, from);
      }
    }

    /** The index of the first extent that ends after the offset. */
    private int firstExtentAfter(long offset) {
      int low = 0;
      int high = extents.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (extents.get(middle).end() <= offset) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }
}
