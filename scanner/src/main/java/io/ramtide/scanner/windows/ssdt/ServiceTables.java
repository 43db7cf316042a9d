package io.ramtide.scanner.windows.ssdt;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.FactFile;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.guest.What;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds the tables: those that the kernel's descriptors name, and the kernel's own by its symbol.
 * Where a descriptor names another than the kernel's own, both are given.
 */
final class ServiceTables {
  private static final FactFile FACTS = FactFile.read(ServiceTables.class, "services.json");

  /** Bits of an entry below its offset. */
  static final int OFFSET_SHIFT = (int) FactFile.number(FACTS.json().path("offsetShift"));

  private static final int MAX_SERVICES =
      1 << (int) FactFile.number(FACTS.json().path("serviceBits"));

  private final Guest guest;
  private final FindingSink sink;
  private final Map<Long, ServiceTable> tables = new LinkedHashMap<>();

  private ServiceTables(Guest guest, FindingSink sink) {
    this.guest = guest;
    this.sink = sink;
  }

  /** The tables, each once; what is missing is said to the sink. */
  static List<ServiceTable> find(Guest guest, FindingSink sink) {
    ServiceTables found = new ServiceTables(guest, sink);
    int build = FactFile.build(guest);
    Optional<StructType> type = FACTS.type("KSERVICE_TABLE_DESCRIPTOR", build);
    if (guest.symbol("KiServiceTable").isEmpty()) {
      sink.notSupported(
          What.ssdt, "service tables are found by symbols, and this kernel's are not known");
    } else if (type.isEmpty()) {
      sink.notSupported(What.ssdt, "service tables of build %d are not known".formatted(build));
    } else {
      found.kernels();
      FACTS.facts("descriptors", build).forEach(fact -> found.descriptors(fact, type.get()));
    }
    return new ArrayList<>(found.tables.values());
  }

  private void kernels() {
    long base = guest.symbol("KiServiceTable").getAsLong();
    OptionalLong limit = guest.symbol("KiServiceLimit");
    if (limit.isEmpty()) {
      return;
    }
    OptionalLong count = guest.space().dword(limit.getAsLong());
    if (count.isPresent()) {
      add("KiServiceTable", 0, base, count.getAsLong());
    } else {
      sink.incomplete(
          What.ssdt, "KiServiceLimit: " + guest.space().locate(limit.getAsLong()).text());
    }
  }

  private void descriptors(JsonNode fact, StructType type) {
    String symbol = fact.path("symbol").asText();
    OptionalLong va = guest.symbol(symbol);
    for (int number = 0;
        va.isPresent() && number < FactFile.number(fact.path("tables"));
        number++) {
      String name = number == 0 ? symbol : symbol + "[" + number + "]";
      long at = va.getAsLong() + (long) number * type.size();
      Struct descriptor = Struct.read(guest.space(), type, at);
      OptionalLong base = descriptor.u64("Base");
      OptionalLong limit = descriptor.u32("Limit");
      if (base.isEmpty() || limit.isEmpty()) {
        sink.incomplete(What.ssdt, name + ": " + descriptor.gap().orElseThrow().text());
      } else if (base.getAsLong() != 0 || limit.getAsLong() != 0) {
        add(name, number, base.getAsLong(), limit.getAsLong());
      }
    }
  }

  private void add(String name, int number, long base, long limit) {
    if (!guest.isKernelAddress(base) || base % Integer.BYTES != 0) {
      sink.incomplete(What.ssdt, "%s is at 0x%x, which is no table".formatted(name, base));
      return;
    }
    if (limit > MAX_SERVICES) {
      sink.incomplete(
          What.ssdt,
          "%s has %d services: only the first %d can be called"
              .formatted(name, limit, MAX_SERVICES));
    }
    int count = (int) Math.min(limit, MAX_SERVICES);
    tables.merge(
        base,
        new ServiceTable(number, base, count),
        (known, other) -> known.count() >= other.count() ? known : other);
  }
}
