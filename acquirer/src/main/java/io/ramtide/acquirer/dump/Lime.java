package io.ramtide.acquirer.dump;

import io.ramtide.acquirer.dump.DumpContents.Segment;
import io.ramtide.schemas.Consistency;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * LiME version 1, as the Linux Memory Extractor writes it. Each range has a header of 32 bytes,
 * little-endian, and then its bytes:
 *
 * <pre>
 *   0  u32  magic 4c694d45
 *   4  u32  version
 *   8  u64  GPA of the first byte
 *  16  u64  GPA of the last byte, inclusive
 *  24  u64  reserved
 * </pre>
 *
 * A range need not end at a frame's end. The next header follows its last byte directly or, from
 * writers that pad, at the next multiple of 4096 bytes of data.
 */
final class Lime {
  private static final int HEADER_BYTES = 32;
  private static final int MAGIC = 0x4c694d45;

  private Lime() {}

  static boolean recognises(DumpFile file) throws IOException {
    return isHeaderAt(file, 0);
  }

  static DumpContents parse(DumpFile file) throws IOException, UnreadableDumpException {
    List<Segment> segments = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    long offset = 0;
    while (offset < file.size()) {
      ByteBuffer header = file.head(offset, HEADER_BYTES);
      if (header.remaining() < HEADER_BYTES) {
        warnings.add(
            "the file ends at 0x%x, inside the LiME header at 0x%x".formatted(file.size(), offset));
        break;
      }
      Segment segment = segment(file, header, offset, segments.size());
      segments.add(segment);
      if (segments.size() > DumpContents.MAX_SEGMENTS) {
        throw new UnreadableDumpException(
            "%s: more than %d LiME ranges".formatted(file, DumpContents.MAX_SEGMENTS));
      }
      offset = next(file, segment);
    }
    // LiME runs inside the live system that it reads.
    return new DumpContents("dump:lime", Consistency.LIVE, segments, List.of(), warnings);
  }

  private static Segment segment(DumpFile file, ByteBuffer header, long offset, int number)
      throws UnreadableDumpException {
    int version = header.getInt(4);
    if (version == 2) {
      throw UnsupportedFormat.unsupported(
          file, "a compressed AVML dump (LiME version 2)", "decompress it with avml-convert");
    }
    if (version != 1) {
      throw new UnreadableDumpException(
          "%s: the LiME header at 0x%x has version %s, and only 1 is known"
              .formatted(file, offset, Integer.toUnsignedString(version)));
    }
    long first = header.getLong(8);
    long last = header.getLong(16);
    if (Long.compareUnsigned(last, first) < 0) {
      throw new UnreadableDumpException(
          "%s: the LiME header at 0x%x ends (0x%x) before it starts (0x%x): the file is corrupt"
              .formatted(file, offset, last, first));
    }
    long bytes = last - first + 1;
    Segment segment =
        new Segment("LiME range " + number, first, bytes, offset + HEADER_BYTES, bytes);
    if (!segment.isPossible()) {
      throw new UnreadableDumpException(
          "%s: the LiME header at 0x%x is corrupt: no RAM lies from 0x%x to 0x%x"
              .formatted(file, offset, first, last));
    }
    return segment;
  }

  /** The offset of the header after a segment; the file's end when it was the last. */
  private static long next(DumpFile file, Segment segment)
      throws IOException, UnreadableDumpException {
    long direct = segment.fileEnd();
    long padded = segment.offset() + Frames.up(segment.fileBytes());
    if (direct >= file.size() || isHeaderAt(file, direct)) {
      return direct;
    }
    if (padded >= file.size() || isHeaderAt(file, padded)) {
      return padded;
    }
    if (file.size() - direct < HEADER_BYTES) {
      return direct;
    }
    throw new UnreadableDumpException(
        "%s: no LiME header at 0x%x, where %s ends: the file is corrupt"
            .formatted(file, direct, segment));
  }

  private static boolean isHeaderAt(DumpFile file, long offset) throws IOException {
    ByteBuffer magic = file.head(offset, Integer.BYTES);
    return magic.remaining() == Integer.BYTES && magic.getInt(0) == MAGIC;
  }
}
