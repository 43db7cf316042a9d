package io.ramtide.scanner.windows.kernel;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.symbols.KernelSymbols;
import io.ramtide.scanner.symbols.PdbId;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A Windows kernel that was found.
 *
 * @param space the address space of the root it was found by
 * @param selfMapIndex root slot that refers to the root
 * @param base VA of its image
 * @param size of its image, bytes
 * @param symbols what is known of exactly this kernel, by its PDB's GUID and age
 * @param build Windows build number, if anything in memory names it
 * @param guestTime 100 ns since 1601 UTC
 * @param activeProcessHead VA of PsActiveProcessHead, by symbol or KDBG
 * @param foundBy for people: how root and image were found
 */
public record Kernel(
    AddressSpace space,
    int selfMapIndex,
    long base,
    int size,
    Optional<PdbId> pdb,
    Optional<KernelSymbols> symbols,
    OptionalInt build,
    OptionalLong guestTime,
    OptionalLong activeProcessHead,
    String foundBy) {

  /** Whether a VA is inside the kernel's image. */
  public boolean contains(long va) {
    return va >= base && va - base < size;
  }

  /** Whether a VA can be of a kernel object. */
  public boolean isKernelAddress(long va) {
    return space.mode().isKernel(va);
  }
}
