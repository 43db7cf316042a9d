package io.ramtide.scanner.windows.driver;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.FactFile;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.ModuleMap;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.schemas.DispatchEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;

/** The routines by which the kernel calls a driver. Names: major-functions.json. */
final class EntryPoints {
  private static final FactFile FACTS = FactFile.read(EntryPoints.class, "major-functions.json");
  private static final List<String> MAJOR_FUNCTIONS = texts("majorFunctions");
  private static final List<String> ENTRY_POINTS = texts("entryPoints");
  private static final String FAST_IO = "FAST_IO_DISPATCH";

  private final Guest guest;
  private final ModuleMap modules;
  private final List<DispatchEntry> entries = new ArrayList<>();
  private String trouble;

  private EntryPoints(Guest guest, ModuleMap modules) {
    this.guest = guest;
    this.modules = modules;
  }

  /**
   * What a driver has.
   *
   * @param entries those that are not null
   * @param trouble why some could not be read
   */
  record Result(List<DispatchEntry> entries, Optional<String> trouble) {}

  static Result of(Guest guest, Struct driver, ModuleMap modules) {
    EntryPoints points = new EntryPoints(guest, modules);
    ENTRY_POINTS.forEach(name -> points.add(name, driver.address(name)));
    for (int i = 0; i < MAJOR_FUNCTIONS.size(); i++) {
      points.add(MAJOR_FUNCTIONS.get(i), driver.address("MajorFunction") + (long) i * Long.BYTES);
    }
    points.addFastIo(driver);
    return new Result(points.entries, Optional.ofNullable(points.trouble));
  }

  private void addFastIo(Struct driver) {
    OptionalLong table = driver.u64("FastIoDispatch");
    if (table.isEmpty() || table.getAsLong() == 0 || !guest.layout().has(FAST_IO)) {
      return;
    }
    if (!guest.isKernelAddress(table.getAsLong())) {
      trouble = "FastIoDispatch is 0x%x, no kernel address".formatted(table.getAsLong());
      return;
    }
    StructType type = guest.type(FAST_IO);
    type.fields().entrySet().stream()
        .sorted(Comparator.comparingInt(field -> field.getValue().offset()))
        .map(Map.Entry::getKey)
        .forEach(name -> add(name, table.getAsLong() + type.offset(name)));
  }

  private void add(String name, long slot) {
    OptionalLong routine = guest.space().qword(slot);
    if (routine.isEmpty()) {
      trouble = "%s at 0x%x: %s".formatted(name, slot, guest.space().locate(slot).text());
    } else if (routine.getAsLong() != 0) {
      GuestText module = modules.module(routine.getAsLong());
      entries.add(
          DispatchEntry.newBuilder()
              .setFunction(name)
              .setAddress(routine.getAsLong())
              .setModule(module.value())
              .setModuleStatus(module.status())
              .build());
    }
  }

  private static List<String> texts(String list) {
    return StreamSupport.stream(FACTS.json().path(list).spliterator(), false)
        .map(JsonNode::asText)
        .toList();
  }
}
