package io.ramtide.scanner.windows.guest;

import io.ramtide.schemas.FindingKind;
import java.util.EnumSet;
import java.util.Set;

/** The kinds of findings that can be asked for, by the names that users give them. */
public enum What {
  processes(FindingKind.process),
  threads(FindingKind.thread),
  modules(FindingKind.module),
  environment(FindingKind.environment),
  vads(FindingKind.vad),
  handles(FindingKind.handle),
  tokens(FindingKind.token),
  files(FindingKind.file),
  mutexes(FindingKind.mutex),
  symbolicLinks(FindingKind.symbolicLink),
  kernelModules(FindingKind.kernelModule),
  drivers(FindingKind.driver),
  ssdt(FindingKind.ssdt),
  callbacks(FindingKind.callback),
  hives(FindingKind.hive),
  registry(FindingKind.registryKey),
  endpoints(FindingKind.endpoint);

  private final FindingKind finding;

  What(FindingKind finding) {
    this.finding = finding;
  }

  /** Whether a kind's findings are what is asked for. */
  public boolean tells(FindingKind kind) {
    return kind == finding || (this == registry && kind == FindingKind.registryKeyGone);
  }

  public static Set<What> all() {
    return EnumSet.allOf(What.class);
  }
}
