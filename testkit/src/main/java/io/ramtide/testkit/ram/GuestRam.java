package io.ramtide.testkit.ram;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongToIntFunction;

/**
 * The RAM of a guest at one moment, immutable. Only frames with a non-zero byte are kept, and
 * frames that did not change are shared between the snapshots of a guest. All addresses are
 * guest-physical; frame number = address / 4096.
 */
public final class GuestRam {

  private static final byte[] ZERO = new byte[WritableRam.FRAME];

  private final List<RamRange> ranges;
  private final long[] numbers;
  private final byte[][] contents;

  GuestRam(List<RamRange> ranges, long[] numbers, byte[][] contents) {
    this.ranges = ranges;
    this.numbers = numbers;
    this.contents = contents;
  }

  /** What is RAM, by ascending address; between the ranges there are devices or nothing. */
  public List<RamRange> ram() {
    return ranges;
  }

  /** Bytes of RAM, the zero frames included, the holes not. */
  public long size() {
    return ranges.stream().mapToLong(RamRange::length).sum();
  }

  /** Numbers of the frames that are not zero, ascending. */
  public long[] frames() {
    return numbers.clone();
  }

  /** A copy of a frame's 4096 bytes; zeroes if {@link #frames()} does not name it. */
  public byte[] frame(long number) {
    return content(number).clone();
  }

  /** A copy of bytes, which may cross frames but must be RAM. */
  public byte[] read(long gpa, int length) {
    byte[] result = new byte[length];
    int done = 0;
    while (done < length) {
      int at = (int) (gpa + done) & (WritableRam.FRAME - 1);
      int count = Math.min(WritableRam.FRAME - at, length - done);
      System.arraycopy(content((gpa + done) >>> 12), at, result, done, count);
      done += count;
    }
    return result;
  }

  /** Whether both snapshots hold this frame as the same object in the heap. */
  public boolean sharesFrame(GuestRam other, long number) {
    int mine = Arrays.binarySearch(numbers, number);
    int theirs = Arrays.binarySearch(other.numbers, number);
    return mine >= 0 && theirs >= 0 && contents[mine] == other.contents[theirs];
  }

  /**
   * This RAM as one sees it who reads it frame by frame while a guest writes to it.
   *
   * @param writes what the guest does meanwhile
   * @param seen how many of the writes are in a frame when it is read, by its number
   */
  public GuestRam readDuring(List<RamWrite> writes, LongToIntFunction seen) {
    NavigableMap<Long, byte[]> frames = new TreeMap<>();
    for (int i = 0; i < numbers.length; i++) {
      frames.put(numbers[i], contents[i]);
    }
    Set<Long> copied = new HashSet<>();
    for (int i = 0; i < writes.size(); i++) {
      RamWrite write = writes.get(i);
      int done = 0;
      while (done < write.bytes().length) {
        long gpa = write.gpa() + done;
        int at = (int) gpa & (WritableRam.FRAME - 1);
        int count = Math.min(WritableRam.FRAME - at, write.bytes().length - done);
        long number = gpa >>> 12;
        if (i < seen.applyAsInt(number)) {
          if (copied.add(number)) {
            frames.put(number, content(number).clone());
          }
          System.arraycopy(write.bytes(), done, frames.get(number), at, count);
        }
        done += count;
      }
    }
    frames.values().removeIf(GuestRam::isZero);
    return new GuestRam(
        ranges,
        frames.keySet().stream().mapToLong(Long::longValue).toArray(),
        frames.values().toArray(byte[][]::new));
  }

  /** Writes a sparse raw image: file offset = guest-physical address, holes read as zero. */
  public void writeRaw(Path file) throws IOException {
    RawWriter.write(this, file);
  }

  /**
   * Writes an ELF64 core as {@code virsh dump --memory-only} does: see {@link ElfCoreWriter}.
   *
   * @param cr3 page table root of the first vCPU, for the QEMU note
   */
  public void writeElfCore(Path file, long cr3) throws IOException {
    ElfCoreWriter.write(this, file, cr3);
  }

  /** Writes a LiME dump: see {@link LimeWriter}. */
  public void writeLime(Path file) throws IOException {
    LimeWriter.write(this, file);
  }

  /** The frame's own bytes: callers in this package must not change them. */
  byte[] content(long number) {
    int at = Arrays.binarySearch(numbers, number);
    if (at >= 0) {
      return contents[at];
    }
    long gpa = number << 12;
    if (ranges.stream().noneMatch(range -> range.contains(gpa))) {
      throw new IllegalArgumentException("%#x is not RAM of this guest".formatted(gpa));
    }
    return ZERO;
  }

  static boolean isZero(byte[] frame) {
    return Arrays.equals(frame, ZERO);
  }
}
