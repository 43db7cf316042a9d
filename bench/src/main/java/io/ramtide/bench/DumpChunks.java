package io.ramtide.bench;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.PhysicalRange;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Chunk;
import io.ramtide.schemas.FrameRun;
import io.ramtide.schemas.FrameState;
import io.ramtide.schemas.SessionId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongPredicate;

/**
 * A memory as record values of chunks of 128 frames: a keyframe of it, or a delta of some of its
 * frames.
 */
final class DumpChunks {
  private static final int FRAME = PhysicalMemory.FRAME_BYTES;
  private static final int FRAMES = 128;
  private static final byte[] ZEROS = new byte[FRAME];

  private final AvroCodec<Chunk> codec = AvroCodec.of(Chunk.class);
  private final PhysicalMemory memory;

  DumpChunks(PhysicalMemory memory) {
    this.memory = memory;
  }

  /** Every frame. */
  List<byte[]> keyframe() {
    return delta(frame -> true);
  }

  /** This part of the frames, chosen evenly and at random; the rest is unchanged. */
  List<byte[]> delta(double part) {
    Random random = new Random(1);
    return delta(frame -> random.nextDouble() < part);
  }

  /**
   * The frames that changed; the rest is unchanged. Where none did, there is no chunk.
   *
   * @param changed asked for each frame once, ascending
   */
  List<byte[]> delta(LongPredicate changed) {
    List<byte[]> chunks = new ArrayList<>();
    for (PhysicalRange range : memory.ram()) {
      long end = range.end() / FRAME;
      for (long first = range.gpa() / FRAME; first < end; first += FRAMES) {
        Chunk chunk = chunk(first, (int) Math.min(FRAMES, end - first), changed);
        if (chunk.getRuns().stream().anyMatch(run -> run.getState() != FrameState.UNCHANGED)) {
          chunks.add(codec.encode(chunk));
        }
      }
    }
    return chunks;
  }

  private Chunk chunk(long first, int frames, LongPredicate changed) {
    List<FrameRun> runs = new ArrayList<>();
    ByteArrayOutputStream pages = new ByteArrayOutputStream();
    byte[] page = new byte[FRAME];
    for (int i = 0; i < frames; i++) {
      FrameState state = FrameState.UNCHANGED;
      if (changed.test(first + i)) {
        boolean data = memory.read((first + i) * FRAME, page, 0, FRAME) == FRAME && !isZero(page);
        state = data ? FrameState.DATA : FrameState.ZERO;
        if (data) {
          pages.writeBytes(page);
        }
      }
      runs.add(new FrameRun(state, 1));
    }
    return Chunk.newBuilder()
        .setDomain("")
        .setCapture(1)
        .setSession(new SessionId(new byte[16]))
        .setSequence(0)
        .setFirstFrame(first)
        .setRuns(runs)
        .setReadStartedAt(0)
        .setReadEndedAt(0)
        .setPages(ByteBuffer.wrap(pages.toByteArray()))
        .build();
  }

  private static boolean isZero(byte[] page) {
    return Arrays.equals(page, ZEROS);
  }
}
