package io.ramtide.testkit.lab;

import io.ramtide.testkit.ram.RamRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What a guest's RAM holds now: the truth that captures are compared with. It is found by the
 * machine's known layout, not by QEMU's memory tree. Reading shared RAM allocates nothing.
 */
public final class LabRam {

  /**
   * A part of RAM that is in one piece in a file: a memory file, or the QEMU process's memory.
   *
   * @param position in the file, of the range's first byte
   */
  record Piece(RamRange range, Path file, long position) {}

  private static final RamRange LEGACY = new RamRange(0xa0000, 0x60000);

  private final List<Piece> pieces;

  LabRam(List<Piece> pieces) {
    this.pieces = pieces;
  }

  /**
   * Guest-physical ranges that are RAM, ascending, DIMMs included. The legacy area from a0000 to
   * fffff, of which parts are RAM on some machines, is left out.
   */
  public List<RamRange> ranges() {
    List<RamRange> ranges = new ArrayList<>();
    for (Piece piece : pieces) {
      RamRange range = piece.range();
      if (range.start() == 0) {
        ranges.add(new RamRange(0, LEGACY.start()));
        ranges.add(new RamRange(LEGACY.end(), range.end() - LEGACY.end()));
      } else if (ranges.get(ranges.size() - 1).end() == range.start()) {
        RamRange last = ranges.remove(ranges.size() - 1);
        ranges.add(new RamRange(last.start(), last.length() + range.length()));
      } else {
        ranges.add(range);
      }
    }
    return List.copyOf(ranges);
  }

  /** Reads guest-physical bytes, all of them RAM or in the legacy area. */
  public byte[] read(long gpa, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    transfer(gpa, bytes, StandardOpenOption.READ, FileChannel::read);
    return bytes.array();
  }

  /** Writes guest-physical bytes, as another processor of the guest would. */
  public void write(long gpa, byte[] bytes) throws IOException {
    transfer(gpa, ByteBuffer.wrap(bytes), StandardOpenOption.WRITE, FileChannel::write);
  }

  private interface Transfer {
    int apply(FileChannel channel, ByteBuffer bytes, long position) throws IOException;
  }

  private void transfer(long gpa, ByteBuffer bytes, StandardOpenOption mode, Transfer how)
      throws IOException {
    int length = bytes.remaining();
    while (bytes.position() < length) {
      long at = gpa + bytes.position();
      Piece piece = pieceOf(at);
      bytes.limit((int) Math.min(length, bytes.position() + piece.range().end() - at));
      try (FileChannel channel = FileChannel.open(piece.file(), mode)) {
        while (bytes.hasRemaining()) {
          long position = piece.position() + gpa + bytes.position() - piece.range().start();
          if (how.apply(channel, bytes, position) < 0) {
            throw new IOException("%s ends before %#x".formatted(piece.file(), position));
          }
        }
      }
      bytes.limit(length);
    }
  }

  private Piece pieceOf(long gpa) {
    return pieces.stream()
        .filter(piece -> piece.range().contains(gpa))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("%#x is not RAM of this guest".formatted(gpa)));
  }
}
