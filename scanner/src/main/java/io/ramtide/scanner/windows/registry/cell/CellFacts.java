package io.ramtide.scanner.windows.registry.cell;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.windows.guest.FactFile;

/** What symbols do not say of cells: registry.json. The same in all builds so far. */
final class CellFacts {
  static final CellFacts ALL =
      new CellFacts(FactFile.read(CellFacts.class, "registry.json").json());

  private static final int NAMED_TYPES = 64;

  final short key;
  final short link;
  final short value;
  final short security;
  final short bigData;
  final short listOfLists;

  final int isVolatile;
  final int leadsToHive;
  final int symbolicLink;
  final int oneByteKeyName;
  final int predefinedHandle;
  final int oneByteValueName;

  final int inline;
  final int inlineMost;
  final int bigAbove;
  final int bigSegment;
  final int bigSinceMinor;

  final int owner;
  final int levels;
  final String linkValue;

  private final JsonNode lists;
  private final String[] types = new String[NAMED_TYPES];

  private CellFacts(JsonNode json) {
    JsonNode signatures = json.path("signatures");
    key = signature(signatures.path("key"));
    link = signature(signatures.path("link"));
    value = signature(signatures.path("value"));
    security = signature(signatures.path("security"));
    bigData = signature(signatures.path("bigData"));
    listOfLists = signature(signatures.path("listOfLists"));
    JsonNode keyFlags = json.path("keyFlags");
    isVolatile = hex(keyFlags.path("volatile"));
    leadsToHive = hex(keyFlags.path("leadsToHive"));
    symbolicLink = hex(keyFlags.path("symbolicLink"));
    oneByteKeyName = hex(keyFlags.path("oneByteName"));
    predefinedHandle = hex(keyFlags.path("predefinedHandle"));
    oneByteValueName = hex(json.path("valueFlags").path("oneByteName"));
    JsonNode data = json.path("data");
    inline = hex(data.path("inline"));
    inlineMost = hex(data.path("inlineMost"));
    bigAbove = hex(data.path("bigAbove"));
    bigSegment = hex(data.path("bigSegment"));
    bigSinceMinor = hex(data.path("bigSinceMinor"));
    owner = hex(json.path("securityDescriptor").path("owner"));
    levels = json.path("levels").asInt();
    linkValue = json.path("linkValue").asText();
    lists = json.path("lists");
    for (int i = 0; i < json.path("types").size(); i++) {
      types[i] = json.path("types").path(i).asText();
    }
  }

  /** Name of a value's type. */
  String type(int number) {
    boolean isNamed = number >= 0 && number < types.length && types[number] != null;
    return isNamed ? types[number] : "0x" + Integer.toHexString(number);
  }

  /** Bytes of an entry of a list of subkeys with that signature; 0: it is none. */
  int listEntry(short signature) {
    for (JsonNode list : lists) {
      if (signature(list.path("signature")) == signature) {
        return hex(list.path("entry"));
      }
    }
    return 0;
  }

  /** Two characters, read as a little-endian number. */
  private static short signature(JsonNode text) {
    return (short) (text.asText().charAt(0) | text.asText().charAt(1) << Byte.SIZE);
  }

  private static int hex(JsonNode number) {
    return (int) FactFile.number(number);
  }
}
