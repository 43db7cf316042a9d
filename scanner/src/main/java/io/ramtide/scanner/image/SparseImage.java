package io.ramtide.scanner.image;

import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.memory.FrameStatus;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.PhysicalRange;
import io.ramtide.schemas.Chunk;
import io.ramtide.schemas.FrameRun;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A guest's RAM rebuilt from chunks, in two mapped files of a folder: {@code pages} holds the
 * frames of RAM without its holes (sparse: only what was carried takes room), {@code states} one
 * byte a frame, the ordinal of its {@link FrameStatus}. Heap use does not grow with the guest.
 */
@SuppressWarnings("EnumOrdinal") // The files never outlive the process that wrote them.
public final class SparseImage implements PhysicalMemory, Closeable {
  private static final FrameStatus[] STATUSES = FrameStatus.values();
  private static final int FILL_BYTES = 1 << 16;

  /** 8 MiB of heap; a delta that is more scattered counts as a change of everything. */
  private static final int MAX_CHANGED_RUNS = 1 << 19;

  private final List<PhysicalRange> ram;
  private final FrameIndex index;
  private final Path folder;
  private final MappedFile pages;
  private final MappedFile states;
  private FrameSet.Builder changed = new FrameSet.Builder(MAX_CHANGED_RUNS);

  private SparseImage(
      List<PhysicalRange> ram, FrameIndex index, Path folder, MappedFile pages, MappedFile states) {
    this.ram = ram;
    this.index = index;
    this.folder = folder;
    this.pages = pages;
    this.states = states;
  }

  /**
   * Makes an image in which every frame is ABSENT.
   *
   * @param ram ascending, disjoint, whole frames
   */
  public static SparseImage create(Path folder, List<PhysicalRange> ram) throws IOException {
    var index = new FrameIndex(ram);
    Files.createDirectories(folder);
    var pages = new MappedFile(folder.resolve("pages"), index.slots() * FRAME_BYTES);
    MappedFile states = null;
    try {
      states = new MappedFile(folder.resolve("states"), index.slots());
      // A sparse file reads as zeros: the ordinal of ABSENT.
      return new SparseImage(List.copyOf(ram), index, folder, pages, states);
    } catch (IOException | RuntimeException e) {
      pages.close();
      if (states != null) {
        states.close();
      }
      throw e;
    }
  }

  /**
   * Applies one chunk.
   *
   * @throws InvalidChunkException if it contradicts itself or the RAM layout; the image is then in
   *     between and must be rebuilt
   */
  public void apply(Chunk chunk) throws InvalidChunkException, IOException {
    ByteBuffer payload = chunk.getPages().duplicate();
    long frame = chunk.getFirstFrame();
    for (FrameRun run : chunk.getRuns()) {
      int frames = run.getFrames();
      if (frames < 1 || index.contiguous(frame) < frames) {
        throw new InvalidChunkException(
            "chunk %d: %d frames at GPA 0x%x are not RAM of this capture"
                .formatted(chunk.getSequence(), frames, frame * FRAME_BYTES));
      }
      long slot = index.slotOf(frame);
      switch (run.getState()) {
        case UNCHANGED -> {}
        case ZERO -> fill(frame, slot, frames, FrameStatus.ZERO);
        case UNREADABLE -> fill(frame, slot, frames, FrameStatus.UNREADABLE);
        case DATA -> {
          if (payload.remaining() / FRAME_BYTES < frames) {
            throw new InvalidChunkException(
                "chunk %d: its runs name more frames than it carries"
                    .formatted(chunk.getSequence()));
          }
          ByteBuffer run4k = payload.slice(payload.position(), frames * FRAME_BYTES);
          payload.position(payload.position() + frames * FRAME_BYTES);
          write(frame, slot, run4k);
        }
      }
      frame += frames;
    }
    if (payload.hasRemaining()) {
      throw new InvalidChunkException(
          "chunk %d: carries %d bytes that no run names"
              .formatted(chunk.getSequence(), payload.remaining()));
    }
  }

  /** The frames that changed since the last call, or since the image was made. */
  public FrameSet takeChanges() {
    FrameSet changes = changed.build();
    changed = new FrameSet.Builder(MAX_CHANGED_RUNS);
    return changes;
  }

  /** How many frames have this status. */
  public long count(FrameStatus status) {
    long count = 0;
    for (long slot = 0; slot < index.slots(); slot++) {
      if (states.get(slot) == status.ordinal()) {
        count++;
      }
    }
    return count;
  }

  @Override
  public List<PhysicalRange> ram() {
    return ram;
  }

  @Override
  public FrameStatus status(long gpa) {
    long slot = index.slotOf(gpa / FRAME_BYTES);
    return slot < 0 ? FrameStatus.ABSENT : STATUSES[states.get(slot)];
  }

  @Override
  public int read(long gpa, byte[] target, int offset, int length) {
    int done = 0;
    while (done < length) {
      long at = gpa + done;
      int inFrame = (int) (at % FRAME_BYTES);
      int step = Math.min(FRAME_BYTES - inFrame, length - done);
      switch (status(at)) {
        case DATA ->
            pages.read(
                index.slotOf(at / FRAME_BYTES) * FRAME_BYTES + inFrame,
                target,
                offset + done,
                step);
        case ZERO -> Arrays.fill(target, offset + done, offset + done + step, (byte) 0);
        case UNREADABLE, ABSENT -> {
          return done;
        }
      }
      done += step;
    }
    return done;
  }

  @Override
  public Optional<ByteBuffer> frame(long gpa) {
    return status(gpa) == FrameStatus.DATA
        ? Optional.of(pages.view(index.slotOf(gpa / FRAME_BYTES) * FRAME_BYTES, FRAME_BYTES))
        : PhysicalMemory.super.frame(gpa);
  }

  @Override
  public boolean scan(BlockVisitor visitor) {
    for (PhysicalRange range : ram) {
      long first = range.gpa() / FRAME_BYTES;
      long end = range.end() / FRAME_BYTES;
      long frame = first;
      while (frame < end) {
        long slot = index.slotOf(frame);
        int run = dataRun(slot, end - frame);
        if (run > 0
            && !visitor.block(
                frame * FRAME_BYTES, pages.view(slot * FRAME_BYTES, run * FRAME_BYTES))) {
          return false;
        }
        frame += Math.max(run, 1);
      }
    }
    return true;
  }

  /** How many frames from this slot on are DATA, up to the end of the mapping's window. */
  private int dataRun(long slot, long most) {
    long windowEnd =
        (slot * FRAME_BYTES / MappedFile.WINDOW_BYTES + 1) * MappedFile.WINDOW_BYTES / FRAME_BYTES;
    long limit = Math.min(most, windowEnd - slot);
    int run = 0;
    while (run < limit && states.get(slot + run) == FrameStatus.DATA.ordinal()) {
      run++;
    }
    return run;
  }

  /**
   * Writes frames that differ; a refresh of a rolling keyframe brings others, which cost no more.
   */
  private void write(long frame, long slot, ByteBuffer content) throws IOException {
    int frames = content.remaining() / FRAME_BYTES;
    for (int from = 0; from < frames; ) {
      int to = from;
      while (to < frames && !holds(slot + to, content.slice(to * FRAME_BYTES, FRAME_BYTES))) {
        to++;
      }
      if (to > from) {
        pages.write(
            (slot + from) * FRAME_BYTES,
            content.slice(from * FRAME_BYTES, (to - from) * FRAME_BYTES));
        set(slot + from, to - from, FrameStatus.DATA);
        changed.add(frame + from, to - from);
      }
      from = to + 1; // The one after them is as it was.
    }
  }

  private boolean holds(long slot, ByteBuffer content) {
    return states.get(slot) == FrameStatus.DATA.ordinal()
        && pages.view(slot * FRAME_BYTES, FRAME_BYTES).equals(content);
  }

  private void fill(long frame, long slot, long frames, FrameStatus status) throws IOException {
    set(slot, frames, status);
    changed.add(frame, frames);
  }

  private void set(long slot, long frames, FrameStatus status) throws IOException {
    byte[] bytes = new byte[(int) Math.min(frames, FILL_BYTES)];
    Arrays.fill(bytes, (byte) status.ordinal());
    for (long done = 0; done < frames; done += bytes.length) {
      states.write(
          slot + done, ByteBuffer.wrap(bytes, 0, (int) Math.min(bytes.length, frames - done)));
    }
  }

  /** Closes and deletes the image. */
  @Override
  public void close() throws IOException {
    pages.close();
    states.close();
    Files.deleteIfExists(folder.resolve("pages"));
    Files.deleteIfExists(folder.resolve("states"));
    Files.deleteIfExists(folder);
  }
}
