package io.ramtide.scanner.windows.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.windows.guest.FactFile;
import io.ramtide.scanner.windows.guest.KeyGlobs;
import java.util.ArrayList;
import java.util.List;

/** The registry keys that are watched unless somebody says otherwise: watch-list.json. */
public final class WatchList {
  private WatchList() {}

  /** Run keys, services, Winlogon and what else programs use to stay, hide or disarm. */
  public static KeyGlobs defaults() {
    return KeyGlobs.of(patterns());
  }

  /** The patterns of the defaults, e.g. to add others to them. */
  public static List<String> patterns() {
    List<String> globs = new ArrayList<>();
    for (JsonNode key : FactFile.read(WatchList.class, "watch-list.json").json().path("keys")) {
      globs.add(key.path("glob").asText());
    }
    return globs;
  }
}
