package io.ramtide.scanner.windows.callback;

import io.ramtide.scanner.paging.Translation;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.ModuleMap;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CallbackFinding;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Makes findings of callbacks. */
final class CallbackSink {
  private static final int MAX_NOTES = 64;

  private final Guest guest;
  private final FindingSink sink;
  private final ModuleMap modules;

  /** Types by what is to be said of them: a missing page often holds several lists. */
  private final Map<String, Set<String>> notes = new LinkedHashMap<>();

  CallbackSink(Guest guest, FindingSink sink, ModuleMap modules) {
    this.guest = guest;
    this.sink = sink;
    this.modules = modules;
  }

  /** Gives one callback, if its routine can be called at all; {@code detail} may be null. */
  void add(String type, long routine, long entryVa, String detail) {
    if (guest.space().locate(routine) instanceof Translation.NotCanonical) {
      incomplete(
          type, "0x%x at 0x%x, which is no address of a routine".formatted(routine, entryVa));
      return;
    }
    GuestText module = modules.module(routine);
    sink.add(
        What.callbacks,
        CallbackFinding.newBuilder()
            .setType(type)
            .setAddress(routine)
            .setModule(module.value())
            .setModuleStatus(module.status())
            .setDetail(detail)
            .setEntryVa(entryVa)
            .build());
  }

  /** Keeps what of a type could not be read, to be said by {@link #close}. */
  void incomplete(String type, String why) {
    if (notes.size() < MAX_NOTES || notes.containsKey(why)) {
      notes.computeIfAbsent(why, note -> new LinkedHashSet<>()).add(type);
    }
  }

  /** Says what could not be read. */
  void close() {
    notes.forEach(
        (why, types) -> sink.incomplete(What.callbacks, String.join(", ", types) + ": " + why));
  }
}
