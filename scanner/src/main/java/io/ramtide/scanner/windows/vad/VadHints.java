package io.ramtide.scanner.windows.vad;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.paging.PagingMode.Level;
import io.ramtide.scanner.paging.Translation;
import io.ramtide.scanner.windows.guest.Guest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** What the pages of a region show. */
final class VadHints {
  /** Steps to a page that holds something, for all regions of a process. */
  static final int MAX_STEPS = 1 << 16;

  /** The same for all processes together. */
  static final int MAX_STEPS_OF_ALL = 1 << 20;

  private static final int FIRST_BYTES = 64;
  private static final int PE_OFFSET = 0x3c;
  private static final int PE = 0x4550;

  private final AddressSpace space;
  private final Budget budget;
  private int steps = MAX_STEPS;
  private boolean isCut;

  /** What may still be looked at of a guest: its processes may share one huge tree. */
  private static final class Budget {
    private int steps = MAX_STEPS_OF_ALL;
  }

  VadHints(Guest guest, AddressSpace space) {
    this.space = space;
    this.budget = guest.once(Budget.class, any -> new Budget());
  }

  /** Whether the pages of some region were not all looked at. */
  boolean isCut() {
    return isCut;
  }

  List<String> of(Vad vad) {
    List<String> hints = new ArrayList<>(0);
    byte[] first = new byte[FIRST_BYTES];
    int length = space.read(vad.start(), first, 0, first.length).bytes();
    if (beginsWithPe(vad.start(), first, length)) {
      hints.add("mz");
    }
    if (vad.isExecutable() && vad.privateMemory()) {
      hints.add("executablePrivate");
      if (VadFacts.shipped().isCodeStart(first, length)) {
        hints.add("code");
      }
    }
    if (vad.isExecutable() && vad.isWritable() && hasContent(vad)) {
      hints.add("content");
    }
    return hints;
  }

  /** MZ, and PE where it says, if that can be read: it may lie on another page. */
  private boolean beginsWithPe(long va, byte[] first, int length) {
    if (length < FIRST_BYTES || first[0] != 'M' || first[1] != 'Z') {
      return false;
    }
    long header =
        Integer.toUnsignedLong(
            ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getInt(PE_OFFSET));
    return space.dword(va + header).orElse(PE) == PE;
  }

  /** Whether a page that can be read holds other than zeros. */
  private boolean hasContent(Vad vad) {
    byte[] page = new byte[PhysicalMemory.FRAME_BYTES];
    for (long va = vad.start(); va >= 0 && va <= vad.end(); ) {
      if (steps-- <= 0 || budget.steps-- <= 0) {
        isCut = true;
        return false;
      }
      Translation where = space.locate(va);
      if (where instanceof Translation.NotResident absent) {
        va = (va & -span(absent)) + span(absent);
        continue;
      }
      int length = space.read(va, page, 0, page.length).bytes();
      for (int i = 0; i < length; i++) {
        if (page[i] != 0) {
          return true;
        }
      }
      va += PhysicalMemory.FRAME_BYTES;
    }
    return false;
  }

  /** Bytes under the entry that says the page is not there. */
  private long span(Translation.NotResident absent) {
    for (Level level : space.mode().levels()) {
      if (level.name().equals(absent.level())) {
        return 1L << level.shift();
      }
    }
    return PhysicalMemory.FRAME_BYTES;
  }
}
