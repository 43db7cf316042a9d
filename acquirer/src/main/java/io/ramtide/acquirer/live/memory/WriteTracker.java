package io.ramtide.acquirer.live.memory;

import io.ramtide.acquirer.host.HostProcess;
import io.ramtide.acquirer.host.Pagemap;
import io.ramtide.acquirer.host.Pagemap.Pages;
import io.ramtide.acquirer.host.SoftDirty;
import io.ramtide.acquirer.source.ChangeHint;
import io.ramtide.acquirer.source.MemoryRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells which RAM was surely not written between captures, from the kernel's note of written pages.
 * Only of private anonymous memory: others may write to what is shared. What is written between
 * reading the note and clearing it would be lost, so a capture that clears it tells nothing; nor
 * does the one after, for disks may still be writing into pages that they were given before the
 * clearing.
 */
final class WriteTracker {
  /** Begun between two clearings: the longer, the more pages count as written. */
  static final int CAPTURES = 16;

  private static final int SILENT = 2;
  private static final AtomicLong TOKENS = new AtomicLong();

  private final Kernel kernel;
  private int begun = CAPTURES;
  private long last;

  WriteTracker(Kernel kernel) {
    this.kernel = kernel;
  }

  /** What the kernel keeps of one process. */
  interface Kernel {
    void clear() throws IOException;

    /** As {@link Pagemap#unwritten}. */
    List<Pages> unwritten(long start, long end, int most) throws IOException;
  }

  /** Empty if it does not work on this host or with this process. */
  static Optional<WriteTracker> of(HostProcess process, Pagemap pagemap) throws IOException {
    if (!SoftDirty.works() || SoftDirty.isEvadedBy(process)) {
      return Optional.empty();
    }
    return Optional.of(
        new WriteTracker(
            new Kernel() {
              @Override
              public void clear() throws IOException {
                SoftDirty.clear(process);
              }

              @Override
              public List<Pages> unwritten(long start, long end, int most) throws IOException {
                return pagemap.unwritten(start, end, most);
              }
            }));
  }

  /** For a capture that begins, before anything of it is read. */
  ChangeHint next(List<RamPart> parts) throws IOException {
    long since = last;
    last = TOKENS.incrementAndGet();
    if (begun == CAPTURES) {
      kernel.clear();
      begun = 0;
    }
    begun++;
    return begun <= SILENT
        ? new ChangeHint("soft-dirty", last, 0, List.of())
        : new ChangeHint("soft-dirty", last, since, unwritten(parts));
  }

  private List<MemoryRange> unwritten(List<RamPart> parts) throws IOException {
    List<MemoryRange> unwritten = new ArrayList<>();
    for (RamPart part : parts) {
      if (!part.area().shared() && !part.area().hasFile()) {
        long end = part.hva() + part.range().length();
        List<MemoryRange> pieces = new ArrayList<>();
        for (Pages pages : kernel.unwritten(part.hva(), end, HeldFrames.MOST_PIECES)) {
          part.addPiece(pages.start() - part.hva(), pages.end() - part.hva(), pieces);
        }
        unwritten.addAll(pieces);
      }
    }
    return unwritten;
  }
}
