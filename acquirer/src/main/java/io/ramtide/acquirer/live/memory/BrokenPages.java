package io.ramtide.acquirer.live.memory;

import io.ramtide.acquirer.host.ProcessReader;
import io.ramtide.acquirer.host.UnreadableMemoryException;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Pages that could not be read although the host holds them, e.g. because its memory is broken. The
 * capture that meets one is given up; the next ones tell it as unreadable, as long as it is.
 */
final class BrokenPages {
  private static final int FRAME = MemorySource.FRAME_BYTES;

  /** As many as a huge page has: it breaks as a whole. */
  private static final int RUN = 512;

  private static final int MOST = 8 * RUN;

  private final ProcessReader reader;
  private final ByteBuffer page = ByteBuffer.allocateDirect(FRAME);

  /** Host-virtual address by guest-physical address. */
  private final TreeMap<Long, Long> pages = new TreeMap<>();

  BrokenPages(ProcessReader reader) {
    this.reader = reader;
  }

  /**
   * Notes a page, and those after it that cannot be read either.
   *
   * @return how many there are from it on
   */
  int add(RamPart part, long hva) throws IOException {
    int count = 0;
    long end = part.hva() + part.range().length();
    for (long at = hva; at < end && count < RUN && isBroken(at); at += FRAME) {
      if (pages.size() < MOST) {
        pages.put(part.range().gpa() + (at - part.hva()), at);
      }
      count++;
    }
    return count;
  }

  /** Those that still cannot be read, ascending and disjoint. */
  List<MemoryRange> now() throws IOException {
    List<Long> healed = new ArrayList<>();
    List<MemoryRange> broken = new ArrayList<>();
    for (var each : pages.entrySet()) {
      if (isBroken(each.getValue())) {
        broken.add(new MemoryRange(each.getKey(), FRAME));
      } else {
        healed.add(each.getKey());
      }
    }
    healed.forEach(pages::remove);
    return broken;
  }

  private boolean isBroken(long hva) throws IOException {
    try {
      reader.read(hva, page.clear());
      return false;
    } catch (UnreadableMemoryException e) {
      return true;
    }
  }
}
