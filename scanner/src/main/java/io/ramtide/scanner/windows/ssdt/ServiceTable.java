package io.ramtide.scanner.windows.ssdt;

/**
 * A table of system services.
 *
 * @param number 0: the kernel's, 1: win32k's
 * @param base VA
 * @param count entries; never more than service numbers can tell apart
 */
record ServiceTable(int number, long base, int count) {}
