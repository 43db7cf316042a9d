package io.ramtide.acquirer.pages;

import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.Consistency;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * Copies frames of one read, a block. While the guest runs each copy is compared with the source
 * again, and made again if the frame changed meanwhile: a copy that the source still agrees with
 * afterwards is of one moment, unless the guest wrote and restored it in between.
 */
final class BlockCopier {
  static final int MOST_COPIES = 3;
  private static final int FRAME = MemorySource.FRAME_BYTES;

  private final MemorySource source;
  private final boolean moves;
  private final BlockDigest digest;
  private final PassBuffer target;

  // Of the block at hand; bits are frames from its first on.
  private final BitSet again = new BitSet();
  private final BitSet torn = new BitSet();
  private final BitSet unsettled = new BitSet();
  private long gpa;
  private ByteBuffer view;
  private BitSet wanted;
  private int offset;

  private long rereadFrames;
  private long tornFrames;
  private long blocks;
  private long differing;

  BlockCopier(MemorySource source, boolean verifies, PassBuffer target) {
    this.source = source;
    this.target = target;
    moves = source.description().consistency() == Consistency.LIVE;
    digest = verifies ? new BlockDigest() : null;
  }

  /**
   * Copies the wanted frames of a block, each to its place from the offset on.
   *
   * @param gpa of the block
   * @param view of the whole block
   */
  void copy(long gpa, ByteBuffer view, BitSet wanted, int offset) throws IOException {
    this.gpa = gpa;
    this.view = view;
    this.wanted = wanted;
    this.offset = offset;
    again.clear();
    torn.clear();
    if (digest == null) {
      take(view, true);
      settle();
    } else {
      verify();
    }
    rereadFrames += again.cardinality();
    tornFrames += torn.cardinality();
  }

  /** Whether a frame of the block copied last changed under every copy. */
  boolean isTorn(int frame) {
    return torn.get(frame);
  }

  CopyCounts counts() {
    return new CopyCounts(rereadFrames, tornFrames, blocks, differing);
  }

  private void verify() throws IOException {
    blocks++;
    ByteBuffer before = view;
    for (int copies = 1; ; copies++) {
      byte[] expected = digest.of(before, 0, wanted);
      take(look(0, view.limit()), copies == 1);
      settle();
      if (BlockDigest.same(expected, digest.of(target.view, offset, wanted))) {
        return;
      }
      if (copies == MOST_COPIES) {
        differing++;
        return;
      }
      before = look(0, view.limit());
    }
  }

  /** Copies what is not there already. */
  private void take(ByteBuffer block, boolean first) {
    for (int i = wanted.nextSetBit(0); i >= 0; i = wanted.nextSetBit(i + 1)) {
      if (first || !isSame(block, i * FRAME, i)) {
        block.get(i * FRAME, target.bytes, offset + i * FRAME, FRAME);
        if (!first) {
          again.set(i);
        }
      }
    }
  }

  private void settle() throws IOException {
    torn.clear();
    if (!moves) {
      return;
    }
    unsettled.clear();
    unsettled.or(wanted);
    for (int copies = 1; !unsettled.isEmpty(); copies++) {
      int from = unsettled.nextSetBit(0);
      while (from >= 0) {
        int to = unsettled.nextClearBit(from);
        compare(from, to, copies);
        from = unsettled.nextSetBit(to);
      }
    }
  }

  private void compare(int from, int to, int copies) throws IOException {
    ByteBuffer now = look(from * FRAME, (to - from) * FRAME);
    for (int i = from; i < to; i++) {
      int at = (i - from) * FRAME;
      if (isSame(now, at, i)) {
        unsettled.clear(i);
      } else if (copies < MOST_COPIES) {
        now.get(at, target.bytes, offset + i * FRAME, FRAME);
        again.set(i);
      } else {
        torn.set(i);
        unsettled.clear(i);
      }
    }
  }

  private boolean isSame(ByteBuffer now, int at, int frame) {
    return now.slice(at, FRAME).mismatch(target.view.slice(offset + frame * FRAME, FRAME)) < 0;
  }

  /** A part of the block as it is now. */
  private ByteBuffer look(int at, int bytes) throws IOException {
    return source.viewsFollow() ? view.slice(at, bytes) : source.view(gpa + at, bytes);
  }
}
