package io.ramtide.scanner.symbols.isf;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What an ISF file says. Nothing in it has been checked but its size.
 *
 * @param system the part of metadata that says what it is of: windows, linux, mac or empty
 * @param database name of the PDB; empty if there is none
 * @param guid of the PDB; empty if there is none
 * @param machine the PE machine type; 0 if it is not given
 * @param version of the file as the pe part has it, e.g. 10.0.19041.329; empty if it has none
 * @param pointerSize bytes; 0 if it is not given
 * @param symbols RVAs of those that were wanted
 * @param allSymbols how many symbols the file has
 * @param types by name, with leading underscore; empty if it has no user_types
 */
record Isf(
    String system,
    String database,
    String guid,
    long age,
    long machine,
    String version,
    long pointerSize,
    Map<String, Long> symbols,
    int allSymbols,
    Map<String, Type> types) {

  /** The same without symbols of other names. */
  Isf with(Set<String> names) {
    Map<String, Long> kept = new HashMap<>(symbols);
    kept.keySet().retainAll(names);
    return new Isf(
        system, database, guid, age, machine, version, pointerSize, kept, allSymbols, types);
  }

  /**
   * A structure.
   *
   * @param size in bytes
   */
  record Type(long size, Map<String, Field> fields) {}

  /**
   * A field.
   *
   * @param offset in bytes
   * @param type name of its structure; empty if it is none
   * @param bits of a bit field; 0 otherwise
   */
  record Field(long offset, String type, long firstBit, long bits) {}
}
