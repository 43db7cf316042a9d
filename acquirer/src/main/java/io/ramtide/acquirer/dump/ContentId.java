package io.ramtide.acquirer.dump;

import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.MerkleTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * A UUID (RFC 9562, version 8) from the first 16 bytes of a SHA-256 over, as little-endian 64-bit
 * numbers: the count of RAM ranges and their GPA and length, the same of the unreadable ranges, and
 * for every other frame that is not zero its GPA and its bytes.
 */
final class ContentId {
  private static final int FRAME = MemorySource.FRAME_BYTES;
  private static final int BUFFER = 128 * FRAME;
  private static final byte[] ZEROS = new byte[FRAME];

  private final MessageDigest sha = MerkleTree.sha256();
  private final byte[] buffer = new byte[BUFFER];
  private final ByteBuffer numbers = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);

  private ContentId() {}

  static UUID of(MemorySource source) throws IOException {
    ContentId id = new ContentId();
    id.addRanges(source.ram());
    id.addRanges(source.unreadable());
    for (MemoryRange range : source.data()) {
      id.addFrames(source, range);
    }
    ByteBuffer hash = ByteBuffer.wrap(id.sha.digest());
    long high = (hash.getLong() & ~0xf000L) | 0x8000L;
    long low = (hash.getLong() & ~(3L << 62)) | (2L << 62);
    return new UUID(high, low);
  }

  private void addRanges(List<MemoryRange> ranges) {
    List<MemoryRange> merged = Frames.merged(ranges);
    add(merged.size());
    for (MemoryRange range : merged) {
      add(range.gpa());
      add(range.length());
    }
  }

  private void addFrames(MemorySource source, MemoryRange range) throws IOException {
    for (long gpa = range.gpa(); gpa < range.end(); gpa += BUFFER) {
      int length = (int) Math.min(BUFFER, range.end() - gpa);
      source.read(gpa, ByteBuffer.wrap(buffer, 0, length));
      for (int at = 0; at < length; at += FRAME) {
        if (!Arrays.equals(buffer, at, at + FRAME, ZEROS, 0, FRAME)) {
          add(gpa + at);
          sha.update(buffer, at, FRAME);
        }
      }
    }
  }

  private void add(long number) {
    sha.update(numbers.clear().putLong(number).flip());
  }
}
