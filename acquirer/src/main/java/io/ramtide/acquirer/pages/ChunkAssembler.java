package io.ramtide.acquirer.pages;

import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Chunk;
import io.ramtide.schemas.FrameRun;
import io.ramtide.schemas.FrameState;
import io.ramtide.schemas.SessionId;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.TornRun;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Collects frames into chunks, and hands each over when it is full. */
final class ChunkAssembler {
  /** A run is at most 6 bytes of Avro, so a chunk's head stays below 25 KiB. */
  static final int MAX_RUNS = 4096;

  /** Bytes that are read at once. */
  static final int MAX_READ = 128 * MemorySource.FRAME_BYTES;

  private static final int FRAME = MemorySource.FRAME_BYTES;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final AvroCodec<Chunk> codec = AvroCodec.of(Chunk.class);
  private final String domain;
  private final long capture;
  private final SessionId session;
  private final ChunkSink sink;

  private final List<FrameRun> runs = new ArrayList<>();

  private final List<TornRun> torn = new ArrayList<>();

  /** The payload so far, and behind it room for what is read next. */
  private final byte[] payload;

  private long data;
  private long zero;
  private long unreadable;
  private long unchanged;
  private FrameState runState;
  private int runFrames;
  private int payloadBytes;
  private int sequence;
  private long firstFrame;
  private long nextFrame;
  private long chunkStartedAt;
  private long readStartedAt;
  private long readEndedAt;

  ChunkAssembler(
      String domain, long capture, SessionId session, PassBuffer buffer, ChunkSink sink) {
    this.domain = domain;
    this.capture = capture;
    this.session = session;
    this.sink = sink;
    payload = buffer.bytes;
  }

  /** The next frame is this one: what was before it is a chunk of its own. */
  void startAt(long frame) throws SinkException {
    flush();
    firstFrame = frame;
    nextFrame = frame;
  }

  /** The clock before the frames that are added next are read. */
  void readStarts() {
    readStartedAt = Clocks.micros();
  }

  /** The clock after they were read. */
  void readEnds() {
    readEndedAt = Clocks.micros();
  }

  /**
   * Where the next {@link #MAX_READ} bytes go in the buffer: behind the payload, so that pages
   * which are all carried already lie where they belong.
   */
  int readOffset() throws SinkException {
    if (payloadBytes == Topics.MAX_CHUNK_PAYLOAD) {
      flush();
    }
    return payloadBytes;
  }

  /**
   * Carries a page of the buffer; offsets ascend within one read.
   *
   * @param isTorn its bytes may be of different moments
   */
  void addPage(int offset, boolean isTorn) throws SinkException {
    if (payloadBytes == Topics.MAX_CHUNK_PAYLOAD) {
      flush();
    }
    add(FrameState.DATA, 1);
    if (offset != payloadBytes) {
      System.arraycopy(payload, offset, payload, payloadBytes, FRAME);
    }
    payloadBytes += FRAME;
    if (isTorn) {
      addTorn((int) (nextFrame - 1 - firstFrame));
    }
  }

  private void addTorn(int frame) {
    TornRun last = torn.isEmpty() ? null : torn.get(torn.size() - 1);
    if (last != null && last.getFirst() + last.getFrames() == frame) {
      torn.set(torn.size() - 1, new TornRun(last.getFirst(), last.getFrames() + 1));
    } else {
      torn.add(new TornRun(frame, 1));
    }
  }

  /** Adds frames without content. */
  void add(FrameState state, long frames) throws SinkException {
    count(state, frames);
    long left = frames;
    while (left > 0) {
      if (nextFrame - firstFrame == Integer.MAX_VALUE) {
        flush();
      }
      if (runFrames == 0 || runState != state) {
        startRun(state);
      }
      int taken = (int) Math.min(left, Integer.MAX_VALUE - (nextFrame - firstFrame));
      runFrames += taken;
      nextFrame += taken;
      left -= taken;
    }
  }

  /** Hands over what is left, and tells what it was in all. */
  PassCounts finish(long refreshed, CopyCounts copies) throws SinkException {
    flush();
    return new PassCounts(data, zero, unreadable, unchanged, sequence, refreshed, copies);
  }

  private void startRun(FrameState state) throws SinkException {
    endRun();
    if (runs.size() == MAX_RUNS) {
      flush();
    }
    if (runs.isEmpty()) {
      chunkStartedAt = readStartedAt;
    }
    runState = state;
  }

  private void endRun() {
    if (runFrames > 0) {
      runs.add(new FrameRun(runState, runFrames));
      runFrames = 0;
    }
  }

  private void flush() throws SinkException {
    endRun();
    if (runs.isEmpty()) {
      return;
    }
    String key = domain + "/" + capture + "/" + firstFrame;
    sink.accept(new EncodedChunk(sequence, key.getBytes(StandardCharsets.UTF_8), encode()));
    sequence++;
    firstFrame = nextFrame;
    runs.clear();
    torn.clear();
    payloadBytes = 0;
  }

  /**
   * The bytes that the codec makes, but with the payload copied once: the pages are the last field,
   * so they follow the head of a chunk without pages in place of its length, 0.
   */
  private byte[] encode() {
    byte[] head =
        codec.encode(
            new Chunk(
                domain,
                capture,
                session,
                sequence,
                firstFrame,
                runs,
                chunkStartedAt,
                readEndedAt,
                torn,
                NOTHING));
    if (payloadBytes == 0) {
      return head;
    }
    byte[] length = zigZag(payloadBytes);
    byte[] value = new byte[head.length - 1 + length.length + payloadBytes];
    ByteBuffer.wrap(value).put(head, 0, head.length - 1).put(length).put(payload, 0, payloadBytes);
    return value;
  }

  /** An Avro length: seven bits a byte from the lowest on, doubled because lengths are signed. */
  private static byte[] zigZag(int length) {
    ByteBuffer bytes = ByteBuffer.allocate(5);
    int rest = length << 1;
    while (rest > 0x7f) {
      bytes.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    bytes.put((byte) rest);
    byte[] exact = new byte[bytes.position()];
    bytes.flip().get(exact);
    return exact;
  }

  private void count(FrameState state, long frames) {
    switch (state) {
      case DATA -> data += frames;
      case ZERO -> zero += frames;
      case UNREADABLE -> unreadable += frames;
      case UNCHANGED -> unchanged += frames;
    }
  }
}
