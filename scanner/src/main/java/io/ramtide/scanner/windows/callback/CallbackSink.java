package io.ramtide.scanner.windows.callback;

import io.ramtide.scanner.paging.Translation;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.ModuleMap;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CallbackFinding;

/** Makes findings of callbacks. */
final class CallbackSink {
  private final Guest guest;
  private final FindingSink sink;
  private final ModuleMap modules;

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

  /** Says what of a type could not be read. */
  void incomplete(String type, String why) {
    sink.incomplete(What.callbacks, type + ": " + why);
  }
}
