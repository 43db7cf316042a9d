package io.ramtide.scanner.windows.callback;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.FactFile;
import io.ramtide.scanner.windows.guest.Guest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Where the kernel keeps its callbacks, from callbacks.json. */
final class CallbackFacts {
  private static final FactFile FILE = FactFile.read(CallbackFacts.class, "callbacks.json");

  /** How callbacks are kept. */
  enum Form {
    /** An array of EX_FAST_REFs, zero where free. */
    slots,
    /** One or more doubly linked lists, their heads one behind the other. */
    list,
    /** A pointer to the first of a singly linked list, zero where there is none. */
    chain,
    /** One pointer to a routine, zero where there is none. */
    pointer
  }

  /**
   * One place with callbacks of a type. Fields are null where such an entry has none of the kind.
   *
   * @param type name that users see
   * @param count slots or list heads
   * @param entry structure of an entry; empty for a pointer
   * @param routine field with the routine's VA
   * @param device field with the DEVICE_OBJECT whose driver has the routine as a major function
   * @param majorFunction which
   * @param driver field with the DRIVER_OBJECT that registered it
   * @param unicode field with a UNICODE_STRING that describes it
   * @param latin1 field with a pointer to a text of one-byte characters that does
   * @param counter symbol of the number of entries
   */
  record Place(
      String type,
      String symbol,
      Form form,
      int count,
      Optional<StructType> entry,
      String routine,
      String device,
      int majorFunction,
      String driver,
      String unicode,
      String latin1,
      String counter) {}

  private CallbackFacts() {}

  /** The places of a guest's build; none if they are not known. */
  static List<Place> places(Guest guest) {
    int build = FactFile.build(guest);
    return FILE.facts("callbacks", build).stream().map(fact -> place(fact, build)).toList();
  }

  private static Place place(JsonNode fact, int build) {
    return new Place(
        fact.path("type").asText(),
        fact.path("symbol").asText(),
        Form.valueOf(fact.path("form").asText()),
        (int) number(fact, "count"),
        FILE.type(fact.path("entry").asText(), build),
        text(fact, "routine"),
        text(fact, "device"),
        (int) number(fact, "majorFunction"),
        text(fact, "driver"),
        text(fact, "unicode"),
        text(fact, "latin1"),
        text(fact, "counter"));
  }

  /** A structure of a guest's build. */
  static Optional<StructType> type(String name, Guest guest) {
    return FILE.type(name, FactFile.build(guest));
  }

  /** Names of the object types that take callbacks. */
  static Set<String> objectTypes() {
    return StreamSupport.stream(FILE.json().path("objectTypes").path("names").spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.toSet());
  }

  private static String text(JsonNode fact, String field) {
    return fact.path(field).asText(null);
  }

  private static long number(JsonNode fact, String field) {
    return fact.has(field) ? FactFile.number(fact.path(field)) : 0;
  }
}
