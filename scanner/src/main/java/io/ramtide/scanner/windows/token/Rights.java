package io.ramtide.scanner.windows.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** Names of privileges and integrity levels, from rights.json. */
final class Rights {
  private static final String FILE = "rights.json";
  private static final Map<Integer, String> PRIVILEGES = new HashMap<>();
  private static final Map<Long, String> LEVELS = new HashMap<>();

  static {
    try (InputStream in = Rights.class.getResourceAsStream(FILE)) {
      JsonNode json = new ObjectMapper().readTree(in);
      json.path("privileges")
          .properties()
          .forEach(
              name -> PRIVILEGES.put(Integer.valueOf(name.getKey()), name.getValue().asText()));
      json.path("integrityLevels")
          .properties()
          .forEach(level -> LEVELS.put(Long.decode(level.getKey()), level.getValue().asText()));
    } catch (IOException e) {
      throw new UncheckedIOException("the scanner's data file " + FILE + " cannot be read", e);
    }
  }

  private Rights() {}

  /** Name of the privilege with a LUID, which is its bit in a token; "LUID 40" if it has none. */
  static String privilege(int luid) {
    return PRIVILEGES.getOrDefault(luid, "LUID " + luid);
  }

  /** Name of the integrity level with a RID; the RID in hexadecimal if it has none. */
  static String integrity(long rid) {
    return LEVELS.getOrDefault(rid, "0x" + Long.toHexString(rid));
  }
}
