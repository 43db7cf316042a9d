package io.ramtide.scanner.symbols;

/**
 * Names one build of a module, as the RSDS record in its image does.
 *
 * @param name file name, as far as it could be read, e.g. ntkrnlmp.pdb
 * @param guid 32 upper-case hex digits
 */
public record PdbId(String name, String guid, int age) {}
