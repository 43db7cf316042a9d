package io.ramtide.scanner.windows.thread;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.windows.guest.Guest;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the bytes of a thread from where a list, a table or a scan points to. */
final class ThreadReader {
  private static final int PAGE_MASK = PhysicalMemory.FRAME_BYTES - 1;

  private final Guest guest;
  private final ThreadLayout layout;

  ThreadReader(Guest guest) {
    this.guest = guest;
    this.layout = ThreadLayout.of(guest.layout());
  }

  ThreadLayout layout() {
    return layout;
  }

  /** The thread at a VA; empty if none of its pages can be read. */
  Optional<RawThread> atVa(long va) {
    AddressSpace space = guest.space();
    byte[] bytes = new byte[layout.size()];
    int inPage = (int) va & PAGE_MASK;
    boolean[] pages = new boolean[RawThread.pages(inPage, bytes.length)];
    boolean any = false;
    int at = 0;
    for (int page = 0; page < pages.length; page++) {
      int end = Math.min(bytes.length, (page + 1) * PhysicalMemory.FRAME_BYTES - inPage);
      pages[page] = space.read(va + at, bytes, at, end - at).isComplete();
      any |= pages[page];
      at = end;
    }
    return any
        ? Optional.of(
            new RawThread(layout, space.gpa(va), OptionalLong.of(va), bytes, inPage, pages))
        : Optional.empty();
  }

  /**
   * The thread at a GPA whose VA is not known: only its first page, since nothing says where the
   * next one is. If it points at itself, and that address leads here, it is read from there.
   */
  RawThread atGpa(long gpa) {
    byte[] bytes = new byte[layout.size()];
    int inPage = (int) gpa & PAGE_MASK;
    boolean[] pages = new boolean[RawThread.pages(inPage, bytes.length)];
    int length = Math.min(bytes.length, PhysicalMemory.FRAME_BYTES - inPage);
    pages[0] = guest.frames().read(gpa, bytes, 0, length) == length;
    RawThread thread =
        new RawThread(layout, OptionalLong.of(gpa), OptionalLong.empty(), bytes, inPage, pages);
    OptionalLong own = ownAddress(thread);
    return own.isPresent() && guest.space().gpa(own.getAsLong()).equals(OptionalLong.of(gpa))
        ? atVa(own.getAsLong()).orElse(thread)
        : thread;
  }

  /** The VA that an empty list inside the object says it is at; not checked against tables. */
  OptionalLong ownAddress(RawThread thread) {
    OptionalLong own = selfReference(thread, layout.waitList());
    return own.isPresent() ? own : selfReference(thread, layout.mutants());
  }

  private OptionalLong selfReference(RawThread thread, int list) {
    OptionalLong next = thread.qword(list);
    OptionalLong previous = thread.qword(list + Long.BYTES);
    if (next.isEmpty() || !next.equals(previous) || !guest.isKernelAddress(next.getAsLong())) {
      return OptionalLong.empty();
    }
    long va = next.getAsLong() - list;
    OptionalLong place = thread.va().isPresent() ? thread.va() : thread.gpa();
    boolean sameOffset = place.isPresent() && ((va ^ place.getAsLong()) & PAGE_MASK) == 0;
    return sameOffset ? OptionalLong.of(va) : OptionalLong.empty();
  }
}
