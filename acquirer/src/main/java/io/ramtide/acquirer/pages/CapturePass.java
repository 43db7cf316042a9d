package io.ramtide.acquirer.pages;

import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.FrameState;
import io.ramtide.schemas.SessionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.UUID;

/**
 * One pass over all RAM of a source. Pages are hashed where they are; only those that are told are
 * copied, and what is remembered of them is the hash of the copy: what is hashed is what is sent,
 * even when the guest is running.
 */
public final class CapturePass {
  private static final int FRAME = MemorySource.FRAME_BYTES;

  private final MemorySource source;
  private final RamStates states;
  private final PassOptions options;
  private final PassBuffer buffer;
  private final ChunkAssembler chunks;
  private final BlockCopier copier;
  private final PassProgress progress;
  private final Cursor data;
  private final Cursor unreadable;
  private final Cursor unchanged;
  private final BitSet told = new BitSet(ChunkAssembler.MAX_READ / FRAME);
  private final long totalBytes;
  private long doneBytes;

  /** Which capture a pass is. */
  public record Identity(UUID domain, long capture, SessionId session) {}

  /**
   * @param states of the capture before; the pass is a keyframe if they are fresh. They must have
   *     the source's layout.
   */
  public CapturePass(
      MemorySource source,
      RamStates states,
      PassOptions options,
      PassBuffer buffer,
      Identity identity,
      ChunkSink sink,
      PassProgress progress) {
    this.source = source;
    this.states = states;
    this.options = options;
    this.buffer = buffer;
    this.progress = progress;
    chunks =
        new ChunkAssembler(
            identity.domain().toString(), identity.capture(), identity.session(), buffer, sink);
    copier = new BlockCopier(source, options.verifyBlocks(), buffer);
    data = new Cursor(source.data());
    unreadable = new Cursor(source.unreadable());
    unchanged = new Cursor(options.unchanged());
    totalBytes = states.frames() * FRAME;
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
    long refreshed = states.isFresh() ? 0 : options.refresh().frames();
    PassCounts counts = chunks.finish(refreshed, copier.counts());
    states.passed();
    return counts;
  }

  /** Takes what begins at an address, and returns how much it was. */
  private long step(long gpa, long rangeEnd) throws IOException, SinkException {
    long ordinal = doneBytes / FRAME;
    boolean all = states.isFresh() || options.refresh().contains(ordinal);
    long framesLeft = options.refresh().boundaryAfter(ordinal) - ordinal;
    long end = framesLeft < (rangeEnd - gpa) / FRAME ? gpa + framesLeft * FRAME : rangeEnd;
    chunks.readStarts();
    if (unreadable.covers(gpa)) {
      long bytes = Math.min(end, unreadable.boundary()) - gpa;
      chunks.readEnds();
      states.unreadable(ordinal, bytes / FRAME, chunks::add);
      return bytes;
    }
    if (data.covers(gpa)) {
      int bytes = (int) Math.min(ChunkAssembler.MAX_READ, Math.min(end, data.boundary()) - gpa);
      block(gpa, bytes, ordinal, all);
      return bytes;
    }
    long bytes = Math.min(end, Math.min(data.boundary(), unreadable.boundary())) - gpa;
    chunks.readEnds();
    states.zeros(ordinal, bytes / FRAME, all, chunks::add);
    return bytes;
  }

  private void block(long gpa, int bytes, long ordinal, boolean all)
      throws IOException, SinkException {
    int frames = bytes / FRAME;
    ByteBuffer view = source.view(gpa, bytes);
    told.clear();
    for (int i = 0; i < frames; i++) {
      if (all || !isUnchanged(gpa, ordinal, view, i)) {
        told.set(i);
      }
    }
    int offset = chunks.readOffset();
    if (!told.isEmpty()) {
      copier.copy(gpa, view, told, offset);
    }
    chunks.readEnds();
    tell(ordinal, frames, offset, all);
  }

  private boolean isUnchanged(long gpa, long ordinal, ByteBuffer view, int frame) {
    int at = frame * FRAME;
    if (unchanged.covers(gpa + at) && states.wasReadable(ordinal + frame)) {
      return true;
    }
    return states.isUnchanged(ordinal + frame, view, at);
  }

  private void tell(long ordinal, int frames, int offset, boolean all) throws SinkException {
    int next = 0;
    for (int i = told.nextSetBit(0); i >= 0; i = told.nextSetBit(next)) {
      chunks.add(FrameState.UNCHANGED, i - next);
      int at = offset + i * FRAME;
      FrameState state = states.page(ordinal + i, buffer.view, at, all);
      if (state == FrameState.DATA) {
        chunks.addPage(at, copier.isTorn(i));
      } else {
        chunks.add(state, 1);
      }
      next = i + 1;
    }
    chunks.add(FrameState.UNCHANGED, frames - next);
  }
}
