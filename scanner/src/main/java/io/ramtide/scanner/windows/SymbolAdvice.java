package io.ramtide.scanner.windows;

import io.ramtide.scanner.symbols.PdbId;
import io.ramtide.scanner.windows.kernel.Kernel;
import java.util.Optional;

/** What to do about a kernel whose table is not known. */
final class SymbolAdvice {
  private SymbolAdvice() {}

  /** The end of a sentence; empty if the kernel's PDB could not be read. */
  static String of(Kernel kernel) {
    Optional<PdbId> pdb = kernel.pdb();
    return pdb.map(
            id ->
                "; import its table: ramtide symbols import %s/%s-%d.json.xz"
                    .formatted(id.name(), id.guid(), id.age()))
        .orElse("");
  }
}
