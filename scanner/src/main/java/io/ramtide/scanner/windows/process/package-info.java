/** Finds and validates processes: by the active list, by pool tag, by dispatcher header. */
package io.ramtide.scanner.windows.process;
