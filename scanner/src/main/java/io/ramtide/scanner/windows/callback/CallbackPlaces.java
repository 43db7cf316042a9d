package io.ramtide.scanner.windows.callback;

import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.callback.CallbackFacts.Place;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestList;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/** Goes through the callbacks of one place, in each of the forms in which the kernel keeps them. */
final class CallbackPlaces {
  /** Entries of a list that are taken; a busy guest has some dozens. */
  static final int MAX_ENTRIES = 1 << 10;

  private static final int HEAD_BYTES = 2 * Long.BYTES;

  /** An EX_FAST_REF counts in the bits that an aligned pointer leaves free. */
  private static final long FAST_REF_COUNT = 0xf;

  private final Guest guest;
  private final CallbackSink sink;
  private final CallbackEntry entries;

  CallbackPlaces(Guest guest, CallbackSink sink) {
    this.guest = guest;
    this.sink = sink;
    this.entries = new CallbackEntry(guest, sink);
  }

  /** Gives the callbacks of a place that is at a VA. */
  void read(Place place, long va) {
    switch (place.form()) {
      case slots -> slots(place, va);
      case list -> lists(place, va);
      case chain -> chain(place, va);
      case pointer -> pointer(place, va);
    }
  }

  private void slots(Place place, long va) {
    int strange = 0;
    String first = "";
    for (int i = 0; i < place.count(); i++) {
      OptionalLong slot = qword(place, va + (long) i * Long.BYTES);
      if (slot.isEmpty()) {
        break;
      }
      long block = slot.getAsLong() & ~FAST_REF_COUNT;
      if (guest.isKernelAddress(block)) {
        entries.read(place, block);
      } else if (block != 0 && strange++ == 0) {
        first = "%s[%d]: 0x%x".formatted(place.symbol(), i, slot.getAsLong());
      }
    }
    if (strange > 0) {
      sink.incomplete(
          place.type(),
          "%d slots hold no pointer to a callback, the first is %s".formatted(strange, first));
    }
  }

  private void lists(Place place, long va) {
    int links = place.entry().orElseThrow().offset("Links");
    int found = 0;
    boolean isComplete = true;
    for (int i = 0; i < place.count(); i++) {
      GuestList list = GuestList.walk(guest, va + (long) i * HEAD_BYTES, MAX_ENTRIES);
      list.trouble().ifPresent(why -> sink.incomplete(place.type(), why));
      list.entries().forEach(entry -> entries.read(place, entry - links));
      found += list.entries().size();
      isComplete &= list.isComplete();
      if (list.entries().isEmpty() && !list.isComplete()) {
        // Heads are one behind the other: what one of them lacks, the rest most likely lack too.
        return;
      }
    }
    if (isComplete && place.counter() != null) {
      compare(place, found);
    }
  }

  private void compare(Place place, int found) {
    OptionalLong counter = guest.symbol(place.counter());
    OptionalLong count =
        counter.isPresent() ? guest.space().dword(counter.getAsLong()) : OptionalLong.empty();
    if (count.isPresent() && count.getAsLong() != found) {
      sink.incomplete(
          place.type(),
          "%s is %d, but %s has %d"
              .formatted(place.counter(), count.getAsLong(), place.symbol(), found));
    }
  }

  private void chain(Place place, long va) {
    StructType type = place.entry().orElseThrow();
    Set<Long> met = new HashSet<>();
    OptionalLong next = qword(place, va);
    while (next.isPresent() && next.getAsLong() != 0) {
      long entry = next.getAsLong();
      String wrong = wrong(entry, met);
      if (wrong != null) {
        sink.incomplete(
            place.type(), "%s leads to 0x%x, %s".formatted(place.symbol(), entry, wrong));
        return;
      }
      met.add(entry);
      next = qword(place, entry + type.offset("Next"));
      if (next.isPresent()) {
        entries.read(place, entry);
      }
    }
  }

  private String wrong(long entry, Set<Long> met) {
    if (!guest.isKernelAddress(entry) || entry % Long.BYTES != 0) {
      return "which is no entry";
    }
    if (met.contains(entry)) {
      return "where it has been before";
    }
    return met.size() == MAX_ENTRIES ? "after %d entries".formatted(MAX_ENTRIES) : null;
  }

  private void pointer(Place place, long va) {
    OptionalLong routine = qword(place, va);
    if (routine.isPresent() && routine.getAsLong() != 0) {
      sink.add(place.type(), routine.getAsLong(), va, null);
    }
  }

  /** The pointer at a VA; if it cannot be read, that is said. */
  private OptionalLong qword(Place place, long va) {
    OptionalLong value = guest.space().qword(va);
    if (value.isEmpty()) {
      // Of more bytes than one a later one may be the one that is missing.
      String why = guest.space().locate(va + Long.BYTES - 1).status();
      sink.incomplete(place.type(), "cannot be read: " + why);
    }
    return value;
  }
}
