package io.ramtide.acquirer.live.memory;

import io.ramtide.acquirer.host.MappedArea;
import io.ramtide.acquirer.host.ProcessMaps;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.MethodUnavailableException;
import io.ramtide.acquirer.qemu.RamRegion;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * RAM that is in one mapping of the hypervisor's process.
 *
 * @param range guest-physical
 * @param hva host-virtual address of its first byte
 */
record RamPart(MemoryRange range, long hva, MappedArea area) {
  /** All of the RAM, ascending. */
  static List<RamPart> of(LiveGuest guest, GuestState state) throws IOException {
    List<MappedArea> areas = ProcessMaps.of(state.process());
    List<RamPart> parts = new ArrayList<>();
    for (RamRegion region : state.layout().regions()) {
      if (region.hva().isEmpty()) {
        throw new MethodUnavailableException(
            "%s: the hypervisor does not tell where in its process the RAM at GPA 0x%x is"
                .formatted(guest.name(), region.range().gpa()),
            null);
      }
      add(guest, region.range(), region.hva().getAsLong(), areas, parts);
    }
    return List.copyOf(parts);
  }

  private static void add(
      LiveGuest guest, MemoryRange range, long hva, List<MappedArea> areas, List<RamPart> parts)
      throws IOException {
    long at = range.gpa();
    for (MappedArea area : areas) {
      long address = hva + (at - range.gpa());
      if (at < range.end() && area.start() <= address && address < area.end()) {
        long bytes = Math.min(range.end() - at, area.end() - address);
        parts.add(new RamPart(new MemoryRange(at, bytes), address, area));
        at += bytes;
      }
    }
    if (at < range.end() || hva % MemorySource.FRAME_BYTES != 0) {
      throw new IOException(
          ("%s: the hypervisor says that the RAM at GPA 0x%x is at 0x%x in its process, and nothing"
                  + " is mapped there")
              .formatted(guest.name(), at, hva + (at - range.gpa())));
    }
  }

  /** Where in the mapped file it begins, bytes. */
  long fileOffset() {
    return area.fileOffset() + (hva - area.start());
  }

  /**
   * Adds a piece of it, widened to whole frames, to those before it.
   *
   * @param from offset from the first byte of this part
   * @param to likewise, after the piece's last byte
   * @param pieces of this part, ascending by where they begin; what touches is joined
   */
  void addPiece(long from, long to, List<MemoryRange> pieces) {
    long frame = MemorySource.FRAME_BYTES;
    long start = range.gpa() + Math.max(0, from) / frame * frame;
    long end = range.gpa() + Math.min(range.length(), (to + frame - 1) / frame * frame);
    MemoryRange last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
    if (last != null && start <= last.end()) {
      pieces.remove(pieces.size() - 1);
      start = last.gpa();
      end = Math.max(end, last.end());
    }
    pieces.add(new MemoryRange(start, end - start));
  }
}
