package io.ramtide.scanner.windows;

import io.ramtide.scanner.memory.PhysicalMemory;

/** Finds Windows in physical memory and decodes it. Keeps no state between calls. */
public final class WindowsAnalyzer {
  /** Analyses a memory; hostile or broken content ends in a status, never in an exception. */
  public Analysis analyze(PhysicalMemory memory) {
    throw new UnsupportedOperationException();
  }
}
