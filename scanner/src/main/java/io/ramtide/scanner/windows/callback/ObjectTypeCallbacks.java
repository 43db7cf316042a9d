package io.ramtide.scanner.windows.callback;

import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestList;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.object.ObjectManager;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Callbacks before and after a handle to an object of a type is made or duplicated. */
final class ObjectTypeCallbacks {
  private static final String TYPE = "objectType";
  private static final int MAX_ALTITUDE = 128;

  private final Guest guest;
  private final CallbackSink sink;
  private final StructType entry;
  private final StructType registration;

  private ObjectTypeCallbacks(
      Guest guest, CallbackSink sink, StructType entry, StructType registration) {
    this.guest = guest;
    this.sink = sink;
    this.entry = entry;
    this.registration = registration;
  }

  /** Gives the callbacks of every type; says so where a type that takes some cannot be read. */
  static void read(Guest guest, CallbackSink sink) {
    Optional<StructType> entry = CallbackFacts.type("OB_CALLBACK_ENTRY", guest);
    Optional<StructType> registration = CallbackFacts.type("OB_CALLBACK_REGISTRATION_BLOCK", guest);
    if (entry.isPresent() && registration.isPresent()) {
      new ObjectTypeCallbacks(guest, sink, entry.get(), registration.get()).types();
    }
  }

  private void types() {
    OptionalLong table = guest.symbol("ObTypeIndexTable");
    Map<Integer, String> names = ObjectManager.of(guest).types().names();
    if (table.isEmpty() || names.isEmpty()) {
      sink.incomplete(TYPE, "the object types are not known");
      return;
    }
    Set<String> expected = CallbackFacts.objectTypes();
    names.forEach(
        (index, name) -> {
          OptionalLong type = guest.space().qword(table.getAsLong() + (long) index * Long.BYTES);
          if (type.isPresent() && guest.isKernelAddress(type.getAsLong())) {
            list(type.getAsLong(), name, expected.contains(name));
          }
        });
  }

  private void list(long type, String name, boolean isExpected) {
    long head = type + guest.type("OBJECT_TYPE").offset("CallbackList");
    GuestList list = GuestList.walk(guest, head, CallbackPlaces.MAX_ENTRIES);
    if (isExpected || !list.entries().isEmpty()) {
      list.trouble().ifPresent(why -> sink.incomplete(TYPE + " " + name, why));
    }
    list.entries().forEach(links -> entry(links - entry.offset("Links"), type, name));
  }

  private void entry(long va, long type, String name) {
    Struct block = Struct.read(guest.space(), entry, va);
    OptionalLong of = block.u64("ObjectType");
    if (of.isEmpty() || of.getAsLong() != type) {
      sink.incomplete(TYPE, "%s.CallbackList: the entry at 0x%x is of no type".formatted(name, va));
      return;
    }
    String altitude = altitude(block);
    OptionalLong enabled = block.u32("Enabled");
    String state = enabled.isPresent() && enabled.getAsLong() == 0 ? ", disabled" : "";
    routine(block, "PreOperation", "%s, before the operation%s%s".formatted(name, altitude, state));
    routine(block, "PostOperation", "%s, after the operation%s%s".formatted(name, altitude, state));
  }

  private void routine(Struct block, String field, String detail) {
    OptionalLong routine = block.u64(field);
    if (routine.isEmpty()) {
      sink.incomplete(
          TYPE, "the entry at 0x%x: %s".formatted(block.va(), block.gap().orElseThrow().text()));
    } else if (routine.getAsLong() != 0) {
      sink.add(TYPE, routine.getAsLong(), block.va(), detail);
    }
  }

  private String altitude(Struct block) {
    OptionalLong owner = block.u64("Registration");
    if (owner.isEmpty() || !guest.isKernelAddress(owner.getAsLong())) {
      return "";
    }
    long va = owner.getAsLong() + registration.offset("Altitude");
    GuestText text = GuestText.unicodeString(guest.space(), va, MAX_ALTITUDE);
    return text.value() == null ? "" : ", altitude " + text.value();
  }
}
