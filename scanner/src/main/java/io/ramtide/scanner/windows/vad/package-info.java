/** Virtual address descriptors: which regions a process has, and what they map. */
package io.ramtide.scanner.windows.vad;
