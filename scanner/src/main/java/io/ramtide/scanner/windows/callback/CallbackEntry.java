package io.ramtide.scanner.windows.callback;

import io.ramtide.scanner.windows.callback.CallbackFacts.Place;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.Struct;
import java.util.Locale;
import java.util.OptionalLong;

/** Reads one entry of a list of callbacks: its routine, and what it says besides. */
final class CallbackEntry {
  private static final int MAX_TEXT = 128;

  private final Guest guest;
  private final CallbackSink sink;

  CallbackEntry(Guest guest, CallbackSink sink) {
    this.guest = guest;
    this.sink = sink;
  }

  /** Gives the callback of the entry at a VA, or says why there is none to give. */
  void read(Place place, long va) {
    Struct entry = Struct.read(guest.space(), place.entry().orElseThrow(), va);
    if (place.device() != null) {
      majorFunction(place, entry);
      return;
    }
    OptionalLong routine = entry.u64(place.routine());
    if (routine.isEmpty()) {
      sink.incomplete(place.type(), missing(entry, place.routine()));
    } else if (routine.getAsLong() == 0) {
      sink.incomplete(place.type(), "the entry at 0x%x has no routine".formatted(va));
    } else {
      sink.add(place.type(), routine.getAsLong(), va, detail(place, entry));
    }
  }

  /** A device's driver is called by one of its major functions. */
  private void majorFunction(Place place, Struct entry) {
    OptionalLong device = entry.u64(place.device());
    OptionalLong driver = pointer(device, "DEVICE_OBJECT", "DriverObject");
    if (driver.isEmpty() || !guest.isKernelAddress(driver.getAsLong())) {
      String which = device.isPresent() ? "device at 0x%x".formatted(device.getAsLong()) : "device";
      sink.incomplete(
          place.type(), "the %s of the entry at 0x%x cannot be read".formatted(which, entry.va()));
      return;
    }
    Struct object = guest.struct("DRIVER_OBJECT", driver.getAsLong());
    long slot = object.address("MajorFunction") + (long) place.majorFunction() * Long.BYTES;
    OptionalLong routine = guest.space().qword(slot);
    if (routine.isEmpty()) {
      sink.incomplete(
          place.type(),
          "driver at 0x%x: %s".formatted(object.va(), guest.space().locate(slot).text()));
    } else {
      sink.add(place.type(), routine.getAsLong(), entry.va(), driverName(object.va()));
    }
  }

  private OptionalLong pointer(OptionalLong object, String type, String field) {
    return object.isPresent() && guest.isKernelAddress(object.getAsLong())
        ? guest.struct(type, object.getAsLong()).u64(field)
        : OptionalLong.empty();
  }

  private String detail(Place place, Struct entry) {
    if (place.unicode() != null) {
      String field = place.unicode();
      GuestText text = GuestText.unicodeString(guest.space(), entry.address(field), MAX_TEXT);
      return text(field.toLowerCase(Locale.ROOT) + " ", text);
    }
    OptionalLong pointer = OptionalLong.empty();
    if (place.latin1() != null || place.driver() != null) {
      pointer = entry.u64(place.latin1() != null ? place.latin1() : place.driver());
    }
    if (pointer.isEmpty() || !guest.isKernelAddress(pointer.getAsLong())) {
      return null;
    }
    return place.latin1() != null
        ? text("", GuestText.latin1(guest.space(), pointer.getAsLong(), MAX_TEXT))
        : driverName(pointer.getAsLong());
  }

  private String driverName(long driver) {
    long name = driver + guest.type("DRIVER_OBJECT").offset("DriverName");
    return text("", GuestText.unicodeString(guest.space(), name, GuestText.MAX_NAME));
  }

  private static String text(String label, GuestText text) {
    if (text.value() == null) {
      return "%s(%s)".formatted(label, text.status());
    }
    return label + text.value() + (text.status() == null ? "" : " (" + text.status() + ")");
  }

  private static String missing(Struct entry, String field) {
    return "the entry at 0x%x: %s"
        .formatted(entry.va(), entry.gap(field).or(entry::gap).orElseThrow().text());
  }
}
