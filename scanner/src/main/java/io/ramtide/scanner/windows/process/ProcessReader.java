package io.ramtide.scanner.windows.process;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.paging.AddressSpace;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the bytes of a process from where a list or a scan points to. */
final class ProcessReader {
  private final ProcessLayout layout;
  private final AddressSpace space;
  private final FrameReader frames;

  ProcessReader(ProcessLayout layout, AddressSpace space, FrameReader frames) {
    this.layout = layout;
    this.space = space;
    this.frames = frames;
  }

  ProcessLayout layout() {
    return layout;
  }

  /** Whether a process's dispatcher header begins at a GPA: cheap, before anything is copied. */
  boolean hasHeader(long gpa) {
    byte[] header = new byte[layout.headerSize() + 1];
    int known = frames.read(gpa, header, 0, header.length);
    return new RawProcess(layout, gpa, OptionalLong.empty(), header, known).hasProcessHeader();
  }

  /** What the page at a GPA has of a process up to its page-table root: enough to rule it out. */
  RawProcess head(long gpa) {
    byte[] bytes = new byte[layout.directoryTableBase() + Long.BYTES];
    int inFrame = (int) gpa & (PhysicalMemory.FRAME_BYTES - 1);
    int known =
        frames.read(gpa, bytes, 0, Math.min(bytes.length, PhysicalMemory.FRAME_BYTES - inFrame));
    return new RawProcess(layout, gpa, OptionalLong.empty(), bytes, known);
  }

  /** The process at a VA; empty if its first byte cannot be read. */
  Optional<RawProcess> atVa(long va) {
    OptionalLong gpa = space.gpa(va);
    if (gpa.isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes = new byte[layout.size()];
    int known = space.read(va, bytes, 0, bytes.length).bytes();
    return Optional.of(new RawProcess(layout, gpa.getAsLong(), OptionalLong.of(va), bytes, known));
  }

  /**
   * The process at a GPA whose VA is not known: only its first page, since nothing says where the
   * next one is. If it points at itself, and that address leads here, it is read from there.
   */
  RawProcess atGpa(long gpa) {
    byte[] bytes = new byte[layout.size()];
    int inFrame = (int) gpa & (PhysicalMemory.FRAME_BYTES - 1);
    int length = Math.min(bytes.length, PhysicalMemory.FRAME_BYTES - inFrame);
    int known = frames.read(gpa, bytes, 0, length);
    RawProcess process = new RawProcess(layout, gpa, OptionalLong.empty(), bytes, known);
    OptionalLong own = ownAddress(process);
    return own.isPresent() && space.gpa(own.getAsLong()).equals(OptionalLong.of(gpa))
        ? atVa(own.getAsLong()).orElse(process)
        : process;
  }

  /** The VA that an empty list inside the object says it is at; not checked against tables. */
  OptionalLong ownAddress(RawProcess process) {
    OptionalLong next = process.qword(layout.profileListHead());
    OptionalLong previous = process.qword(layout.profileListHead() + Long.BYTES);
    if (next.isEmpty() || !next.equals(previous) || !space.mode().isKernel(next.getAsLong())) {
      return OptionalLong.empty();
    }
    long va = next.getAsLong() - layout.profileListHead();
    boolean sameOffset = ((va ^ process.gpa()) & (PhysicalMemory.FRAME_BYTES - 1)) == 0;
    return sameOffset ? OptionalLong.of(va) : OptionalLong.empty();
  }
}
