package io.ramtide.acquirer.pages;

import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.FrameState;
import io.ramtide.schemas.SessionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * One pass over all RAM of a source. Every page is read once, into the heap, so that what is hashed
 * is what is sent even when the guest is running.
 */
public final class CapturePass {
  private static final int FRAME = MemorySource.FRAME_BYTES;
  private static final byte[] ZEROS = new byte[FRAME];

  private final MemorySource source;
  private final RamStates states;
  private final ChunkAssembler chunks;
  private final PassProgress progress;
  private final Cursor data;
  private final Cursor unreadable;
  private final long totalBytes;
  private long doneBytes;

  /**
   * @param states of the capture before; the pass is a keyframe if they are fresh. They must have
   *     the source's layout.
   */
  public CapturePass(
      MemorySource source,
      RamStates states,
      UUID domain,
      long capture,
      SessionId session,
      ChunkSink sink,
      PassProgress progress) {
    this.source = source;
    this.states = states;
    this.progress = progress;
    chunks = new ChunkAssembler(domain.toString(), capture, session, sink);
    data = new Cursor(source.data());
    unreadable = new Cursor(source.unreadable());
    totalBytes = states.ram().stream().mapToLong(MemoryRange::length).sum();
  }

  /**
   * Reads everything.
   *
   * @throws IOException if the source fails
   * @throws SinkException if the sink does
   */
  public PassCounts run() throws IOException, SinkException {
    for (MemoryRange range : states.ram()) {
      chunks.startAt(range.gpa() / FRAME);
      long gpa = range.gpa();
      while (gpa < range.end()) {
        long bytes = step(gpa, range.end());
        gpa += bytes;
        doneBytes += bytes;
        progress.at(doneBytes, totalBytes);
      }
    }
    PassCounts counts = chunks.finish();
    states.passed();
    return counts;
  }

  /** Takes what begins at an address, and returns how much it was. */
  private long step(long gpa, long end) throws IOException, SinkException {
    long ordinal = doneBytes / FRAME;
    chunks.readStarts();
    if (unreadable.covers(gpa)) {
      long bytes = Math.min(end, unreadable.boundary()) - gpa;
      chunks.readEnds();
      states.unreadable(ordinal, bytes / FRAME, chunks::add);
      return bytes;
    }
    if (data.covers(gpa)) {
      int bytes = (int) Math.min(ChunkAssembler.MAX_READ, Math.min(end, data.boundary()) - gpa);
      int offset = chunks.readOffset();
      source.read(gpa, ByteBuffer.wrap(chunks.buffer(), offset, bytes));
      chunks.readEnds();
      pages(ordinal, offset, bytes);
      return bytes;
    }
    long bytes = Math.min(end, Math.min(data.boundary(), unreadable.boundary())) - gpa;
    chunks.readEnds();
    states.zeros(ordinal, bytes / FRAME, chunks::add);
    return bytes;
  }

  private void pages(long ordinal, int offset, int bytes) throws SinkException {
    byte[] buffer = chunks.buffer();
    for (int at = offset; at < offset + bytes; at += FRAME) {
      long frame = ordinal + (at - offset) / FRAME;
      FrameState state =
          Arrays.equals(buffer, at, at + FRAME, ZEROS, 0, FRAME)
              ? states.zero(frame)
              : states.page(frame, buffer, at);
      if (state == FrameState.DATA) {
        chunks.addPage(at);
      } else {
        chunks.add(state, 1);
      }
    }
  }

  /** Walks through ascending ranges together with the addresses. */
  private static final class Cursor {
    private final List<MemoryRange> ranges;
    private int next;
    private boolean inside;

    Cursor(List<MemoryRange> ranges) {
      this.ranges = ranges;
    }

    /** Whether the address, not below the one before it, is in a range. */
    boolean covers(long gpa) {
      while (next < ranges.size() && ranges.get(next).end() <= gpa) {
        next++;
      }
      inside = next < ranges.size() && ranges.get(next).gpa() <= gpa;
      return inside;
    }

    /** Where the next range ends or begins, after the address that was asked about last. */
    long boundary() {
      if (next == ranges.size()) {
        return Long.MAX_VALUE;
      }
      return inside ? ranges.get(next).end() : ranges.get(next).gpa();
    }
  }
}
