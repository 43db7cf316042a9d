package io.ramtide.scanner.worker;

import io.ramtide.scanner.symbols.SymbolStore;
import java.nio.file.Path;

/**
 * @param instance name of this worker, unique in its group and the same after a restart
 * @param cacheFolder where the rebuilt images live; used by one worker at a time, may be deleted
 *     when none runs
 * @param symbols what guests are decoded by
 */
public record ScannerOptions(String instance, Path cacheFolder, SymbolStore symbols) {
  /** With the symbols that ship with the scanner. */
  public ScannerOptions(String instance, Path cacheFolder) {
    this(instance, cacheFolder, SymbolStore.shipped());
  }
}
