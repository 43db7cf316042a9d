package io.ramtide.scanner.worker;

import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.windows.guest.What;
import java.nio.file.Path;

/**
 * @param instance name of this worker, unique in its group and the same after a restart
 * @param cacheFolder where the rebuilt images live; used by one worker at a time, may be deleted
 *     when none runs
 * @param request what is asked of every capture, whose number it is given; processes are always
 *     among it, because timelines need them
 * @param symbols what guests are decoded by
 */
public record ScannerOptions(
    String instance, Path cacheFolder, Request request, SymbolStore symbols) {
  public ScannerOptions {
    request = request.and(What.processes);
  }
}
