package io.ramtide.scanner.windows.kernel;

import io.ramtide.scanner.symbols.PdbId;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The kernel's image in its address space.
 *
 * @param base VA
 * @param size in bytes; where its header is missing, the most that a kernel takes
 * @param activeProcessHead VA, where a KDBG block in the clear names it
 * @param foundBy for people: what gave it away
 */
record KernelImage(
    long base, int size, Optional<PdbId> pdb, OptionalLong activeProcessHead, String foundBy) {
  boolean contains(long va) {
    return va >= base && va - base < size;
  }
}
