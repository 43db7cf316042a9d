package io.ramtide.scanner.windows.kernel;

import io.ramtide.scanner.symbols.PdbId;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The kernel's image in its address space.
 *
 * @param base VA
 * @param size in bytes; where its header is missing, the most that a kernel takes
 * @param activeProcessHead VA, where a KDBG block in the clear or a process names it
 * @param exports VA of its export directory; 0 if it was not found
 * @param foundBy for people: what gave it away
 */
record KernelImage(
    long base,
    int size,
    Optional<PdbId> pdb,
    OptionalLong activeProcessHead,
    long exports,
    String foundBy) {
  boolean contains(long va) {
    return va >= base && va - base < size;
  }
}
