package io.ramtide.scanner.windows.guest;

import java.util.EnumSet;
import java.util.Set;

/** The kinds of findings that can be asked for, by the names that users give them. */
public enum What {
  processes,
  threads,
  modules,
  environment,
  vads,
  handles,
  tokens,
  files,
  mutexes,
  symbolicLinks,
  kernelModules,
  drivers,
  ssdt,
  callbacks,
  hives,
  registry,
  endpoints;

  public static Set<What> all() {
    return EnumSet.allOf(What.class);
  }
}
