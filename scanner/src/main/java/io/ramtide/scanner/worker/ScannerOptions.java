package io.ramtide.scanner.worker;

import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.What;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * @param instance name of this worker, unique in its group and the same after a restart
 * @param cacheFolder where the rebuilt images live; used by one worker at a time, may be deleted
 *     when none runs
 * @param wanted kinds of findings; processes are always among them, because timelines need them
 * @param symbols what guests are decoded by
 */
public record ScannerOptions(
    String instance, Path cacheFolder, Set<What> wanted, SymbolStore symbols) {
  public ScannerOptions {
    Set<What> all = EnumSet.of(What.processes);
    all.addAll(wanted);
    wanted = Set.copyOf(all);
  }
}
