package io.ramtide.scanner.windows.callback;

import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FactFile;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.module.KernelModules;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Gives the kernel's callbacks, and the module each of them leads to. */
public final class CallbackDecoder implements Decoder {
  @Override
  public Set<What> kinds() {
    return Set.of(What.callbacks);
  }

  @Override
  public void decode(Guest guest, List<GuestProcess> processes, FindingSink findings) {
    List<CallbackFacts.Place> places = CallbackFacts.places(guest);
    if (places.isEmpty()) {
      findings.notSupported(
          What.callbacks, "callbacks of build %d are not known".formatted(FactFile.build(guest)));
      return;
    }
    if (guest.kernel().symbols().isEmpty()) {
      findings.notSupported(
          What.callbacks, "callbacks are found by symbols, and this kernel's are not known");
      return;
    }
    CallbackSink sink = new CallbackSink(guest, findings, KernelModules.of(guest).map());
    CallbackPlaces reader = new CallbackPlaces(guest, sink);
    for (CallbackFacts.Place place : places) {
      OptionalLong va = guest.symbol(place.symbol());
      if (va.isPresent()) {
        reader.read(place, va.getAsLong());
      } else {
        sink.incomplete(place.type(), "this kernel's symbols have no " + place.symbol());
      }
    }
    ObjectTypeCallbacks.read(guest, sink);
    sink.close();
  }
}
