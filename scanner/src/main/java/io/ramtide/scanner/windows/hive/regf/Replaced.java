package io.ramtide.scanner.windows.hive.regf;

/**
 * Consecutive bytes of a file that are not as memory had them.
 *
 * @param offset in the file
 * @param length in bytes
 * @param why paged out, not captured, ...
 */
public record Replaced(long offset, long length, String why) {}
