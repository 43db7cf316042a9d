package io.ramtide.acquirer.source;

import io.ramtide.schemas.Consistency;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a manifest says of the source.
 *
 * @param method how RAM is read, e.g. dump:elf-core
 * @param name file name without folders
 * @param bytes size of the file
 * @param modifiedAtMicros of the file, microseconds since 1970 UTC
 * @param warnings what is wrong with the source although it can be read, one sentence each
 */
public record SourceDescription(
    String method,
    String name,
    OptionalLong bytes,
    OptionalLong modifiedAtMicros,
    Consistency consistency,
    List<String> warnings) {
  public SourceDescription {
    warnings = List.copyOf(warnings);
  }
}
