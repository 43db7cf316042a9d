package io.ramtide.scanner.windows.network;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.windows.guest.FactFile;
import io.ramtide.scanner.windows.guest.Guest;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The way from a structure to bytes elsewhere: an offset in the structure, then, of what the
 * pointer there leads to, the next offset, and so on. One offset alone: the bytes are in the
 * structure.
 */
record PointerPath(List<Integer> offsets) {
  /** Pointers of structures in the pool lie on four bytes at least. */
  private static final int ALIGNMENT = 4;

  PointerPath {
    offsets = List.copyOf(offsets);
  }

  static PointerPath of(JsonNode path) {
    List<Integer> offsets = new ArrayList<>();
    path.forEach(offset -> offsets.add((int) FactFile.number(offset)));
    return new PointerPath(offsets);
  }

  /**
   * Where a path leads.
   *
   * @param va of the bytes; empty if there is no way
   * @param status why there is none; null also where a pointer on the way is null
   */
  record End(OptionalLong va, String status) {
    /** Whether a pointer on the way is null: nothing was set. */
    boolean isNull() {
      return va.isEmpty() && status == null;
    }
  }

  /** Follows it from the structure at a VA. */
  End from(Guest guest, long va) {
    long at = va + offsets.get(0);
    for (int offset : offsets.subList(1, offsets.size())) {
      OptionalLong pointer = guest.space().qword(at);
      if (pointer.isEmpty()) {
        return new End(pointer, guest.space().locate(at).status());
      }
      long to = pointer.getAsLong();
      if (to == 0) {
        return new End(OptionalLong.empty(), null);
      }
      if (!guest.isKernelAddress(to) || to % ALIGNMENT != 0) {
        return new End(OptionalLong.empty(), "no valid address");
      }
      at = to + offset;
    }
    return new End(OptionalLong.of(at), null);
  }

  /** Offset after the bytes of the structure itself that it needs. */
  int end(int bytesAtEnd) {
    return offsets.get(0) + (offsets.size() == 1 ? bytesAtEnd : Long.BYTES);
  }
}
