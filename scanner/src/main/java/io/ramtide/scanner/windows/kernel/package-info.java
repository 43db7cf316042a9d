/** Finds the Windows kernel in physical memory: page tables, image, build, time, symbols. */
package io.ramtide.scanner.windows.kernel;
