package io.ramtide.scanner.windows.driver;

import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.ModuleMap;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.module.KernelModules;
import io.ramtide.scanner.windows.object.ObjectManager;
import io.ramtide.schemas.DriverFinding;
import io.ramtide.schemas.View;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Gives drivers, their entry points, and the module each of these lies in. */
public final class DriverDecoder implements Decoder {
  @Override
  public Set<What> kinds() {
    return Set.of(What.drivers);
  }

  @Override
  public void decode(Guest guest, List<GuestProcess> processes, FindingSink sink) {
    ModuleMap modules = KernelModules.of(guest).map();
    Map<Long, Set<View>> views = DriverViews.find(guest, sink);
    views.forEach((va, seenBy) -> driver(guest, va, seenBy, modules, sink));
  }

  private static void driver(
      Guest guest, long va, Set<View> seenBy, ModuleMap modules, FindingSink sink) {
    Struct object = guest.struct("DRIVER_OBJECT", va);
    GuestText name = name(guest, object);
    GuestText key = serviceKey(guest, object);
    OptionalLong start = object.u64("DriverStart");
    GuestText module = module(object, start, modules);
    EntryPoints.Result entries = EntryPoints.of(guest, object, modules);
    entries
        .trouble()
        .ifPresent(
            why ->
                sink.incomplete(What.drivers, "the driver object at 0x%x: %s".formatted(va, why)));
    sink.add(
        What.drivers,
        DriverFinding.newBuilder()
            .setName(name.value())
            .setNameStatus(name.status())
            .setServiceKey(key.value())
            .setServiceKeyStatus(key.status())
            .setStartVa(orNull(start))
            .setSize(orNull(object.u32("DriverSize")))
            .setModule(module.value())
            .setModuleStatus(module.status())
            .setDispatch(entries.entries())
            .setObjectVa(va)
            .setObjectGpa(orNull(object.gpa()))
            .setSeenBy(List.copyOf(seenBy))
            .build());
    sink.partly(What.drivers, name.status());
  }

  /** As the driver object has it, or else as the object manager does. */
  private static GuestText name(Guest guest, Struct object) {
    GuestText name =
        GuestText.unicodeString(guest.space(), object.address("DriverName"), GuestText.MAX_NAME);
    if (name.value() != null && !name.value().isEmpty()) {
      return name;
    }
    ObjectManager objects = ObjectManager.of(guest);
    GuestText path = objects.path(objects.headerOf(object.va()));
    return path.value() == null ? name : path;
  }

  private static GuestText serviceKey(Guest guest, Struct object) {
    OptionalLong extension = object.u64("DriverExtension");
    if (extension.isEmpty()) {
      return GuestText.missing(object.gap("DriverExtension").orElseThrow());
    }
    if (!guest.isKernelAddress(extension.getAsLong())) {
      return extension.getAsLong() == 0 ? GuestText.NONE : GuestText.missing("no valid address");
    }
    long va = extension.getAsLong() + guest.type("DRIVER_EXTENSION").offset("ServiceKeyName");
    return GuestText.unicodeString(guest.space(), va, GuestText.MAX_NAME);
  }

  private static GuestText module(Struct object, OptionalLong start, ModuleMap modules) {
    if (start.isEmpty()) {
      return GuestText.missing(object.gap("DriverStart").orElseThrow());
    }
    // Drivers that are part of the kernel, such as \Driver\PnpManager, have no image.
    return start.getAsLong() == 0
        ? GuestText.missing("no image of its own")
        : modules.module(start.getAsLong());
  }

  private static Long orNull(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }
}
