package io.ramtide.scanner.windows.kernel;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.symbols.PdbId;
import java.util.Optional;

/** Which PDB a loaded image names. */
public final class ModulePdb {
  private ModulePdb() {}

  /**
   * By its headers and debug directory.
   *
   * @param base VA of the image
   * @return empty if they cannot be read, or name none
   */
  public static Optional<PdbId> of(AddressSpace space, long base) {
    return PeImage.read(space, base).flatMap(PeImage::pdb);
  }
}
