package io.ramtide.cli.changes;

import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.memory.FrameStatus;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.PhysicalRange;
import io.ramtide.testkit.ram.GuestRam;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The memory of a guest, snapshot by snapshot. */
final class SnapshotMemory implements PhysicalMemory {
  private final TreeMap<Long, byte[]> frames = new TreeMap<>();
  private GuestRam ram;

  /** Becomes the next snapshot. Returns the frames that changed. */
  FrameSet become(GuestRam next) {
    Set<Long> changed = new TreeSet<>();
    Set<Long> gone = new TreeSet<>(frames.keySet());
    for (long number : next.frames()) {
      gone.remove(number);
      if (ram == null || !ram.sharesFrame(next, number)) {
        frames.put(number, next.frame(number));
        changed.add(number);
      }
    }
    gone.forEach(frames::remove);
    changed.addAll(gone);
    boolean isFirst = ram == null;
    ram = next;
    FrameSet.Builder set = new FrameSet.Builder(Integer.MAX_VALUE);
    changed.forEach(number -> set.add(number, 1));
    return isFirst ? FrameSet.ALL : set.build();
  }

  @Override
  public List<PhysicalRange> ram() {
    return ram.ram().stream()
        .map(range -> new PhysicalRange(range.start(), range.length()))
        .toList();
  }

  @Override
  public FrameStatus status(long gpa) {
    if (frames.containsKey(gpa / FRAME_BYTES)) {
      return FrameStatus.DATA;
    }
    return ram.ram().stream().anyMatch(range -> range.contains(gpa))
        ? FrameStatus.ZERO
        : FrameStatus.ABSENT;
  }

  @Override
  public int read(long gpa, byte[] target, int offset, int length) {
    int done = 0;
    while (done < length && status(gpa + done).isReadable()) {
      int at = (int) ((gpa + done) % FRAME_BYTES);
      int part = Math.min(length - done, FRAME_BYTES - at);
      byte[] frame = frames.getOrDefault((gpa + done) / FRAME_BYTES, new byte[FRAME_BYTES]);
      System.arraycopy(frame, at, target, offset + done, part);
      done += part;
    }
    return done;
  }

  @Override
  public boolean scan(BlockVisitor visitor) {
    for (Map.Entry<Long, byte[]> frame : frames.entrySet()) {
      ByteBuffer block =
          ByteBuffer.wrap(frame.getValue()).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
      if (!visitor.block(frame.getKey() * FRAME_BYTES, block)) {
        return false;
      }
    }
    return true;
  }
}
