package io.ramtide.acquirer.pages;

import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.MerkleTree;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.BitSet;

/** SHA-256 of some frames of a block, in their order. */
final class BlockDigest {
  private static final int FRAME = MemorySource.FRAME_BYTES;

  private final MessageDigest sha256 = MerkleTree.sha256();

  /**
   * @param offset of the block in the buffer
   */
  byte[] of(ByteBuffer buffer, int offset, BitSet frames) {
    int from = frames.nextSetBit(0);
    while (from >= 0) {
      int to = frames.nextClearBit(from);
      sha256.update(buffer.slice(offset + from * FRAME, (to - from) * FRAME));
      from = frames.nextSetBit(to);
    }
    return sha256.digest();
  }

  static boolean same(byte[] one, byte[] other) {
    return MessageDigest.isEqual(one, other);
  }
}
