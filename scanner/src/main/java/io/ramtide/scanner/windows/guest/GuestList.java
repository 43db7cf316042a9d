package io.ramtide.scanner.windows.guest;

import io.ramtide.scanner.paging.Translation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A doubly linked list of the kernel (LIST_ENTRY), walked from its head in both directions, so that
 * one missing page or one changed pointer hides nothing.
 *
 * @param entries VAs of the LIST_ENTRYs that can be read, the head left out: as met forward, then
 *     those that only the walk backward met
 * @param isComplete whether no entry can be missing
 * @param trouble why one may be, or how the two directions differ; empty for an honest list
 */
public record GuestList(List<Long> entries, boolean isComplete, Optional<String> trouble) {
  private static final int ALIGNMENT = 8;

  public GuestList {
    entries = List.copyOf(entries);
  }

  /** One direction: what it met, and why it ended before it was back at the head. */
  private record Direction(Set<Long> met, Optional<String> broken) {}

  /**
   * Walks the list.
   *
   * @param head VA
   * @param most entries that are taken a direction
   */
  public static GuestList walk(Guest guest, long head, int most) {
    Direction forward = walk(guest, head, "Flink", most);
    Direction backward = walk(guest, head, "Blink", most);
    Set<Long> entries = new LinkedHashSet<>(forward.met());
    List<Long> rest = new ArrayList<>(backward.met());
    Collections.reverse(rest);
    entries.addAll(rest);
    return new GuestList(
        List.copyOf(entries), isComplete(forward, backward), trouble(forward, backward));
  }

  private static boolean isComplete(Direction forward, Direction backward) {
    return forward.broken().isEmpty()
        || backward.broken().isEmpty()
        || !Collections.disjoint(forward.met(), backward.met());
  }

  private static Optional<String> trouble(Direction forward, Direction backward) {
    if (forward.broken().isPresent()) {
      return backward.broken().isEmpty() || backward.broken().equals(forward.broken())
          ? forward.broken()
          : Optional.of(forward.broken().get() + "; " + backward.broken().get());
    }
    if (backward.broken().isPresent() || forward.met().equals(backward.met())) {
      return backward.broken();
    }
    return Optional.of(
        "%d entries forward, %d backward: they are not the same"
            .formatted(forward.met().size(), backward.met().size()));
  }

  private static Direction walk(Guest guest, long head, String link, int most) {
    int offset = guest.type("LIST_ENTRY").offset(link);
    Set<Long> met = new LinkedHashSet<>();
    long at = head;
    while (true) {
      OptionalLong next = guest.space().qword(at + offset);
      if (next.isEmpty()) {
        met.remove(at);
        return broken(met, unreadable(guest, at + offset, head));
      }
      long to = next.getAsLong();
      if (to == head) {
        return new Direction(met, Optional.empty());
      }
      if (at == head && to == 0) {
        return broken(met, "its head holds zeros: it was never set up");
      }
      if (!guest.isKernelAddress(to) || to % ALIGNMENT != 0) {
        return broken(
            met, "%s of 0x%x leads to 0x%x, which is no list entry".formatted(link, at, to));
      }
      if (met.contains(to)) {
        return broken(
            met, "%s of 0x%x leads back to 0x%x, not to the head".formatted(link, at, to));
      }
      if (met.size() >= most) {
        return broken(met, "more than %d entries".formatted(most));
      }
      met.add(to);
      at = to;
    }
  }

  private static String unreadable(Guest guest, long va, long head) {
    Translation why = guest.space().locate(va);
    // An eight-byte pointer may cross into a page that is missing.
    Translation gap =
        why instanceof Translation.Mapped ? guest.space().locate(va + ALIGNMENT - 1) : why;
    return va - head >= 0 && va - head < 2 * ALIGNMENT
        ? "its head cannot be read: " + gap.status()
        : "the entry at 0x%x cannot be read: %s".formatted(va, gap.text());
  }

  private static Direction broken(Set<Long> met, String why) {
    return new Direction(met, Optional.of(why));
  }
}
