package io.ramtide.scanner.windows.kernel;

import io.ramtide.scanner.symbols.PdbId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The RSDS record of a PE image's debug directory: GUID, age, and the PDB's name. */
final class CodeView {
  /** "RSDS", read little-endian. */
  static final int SIGNATURE = 0x5344_5352;

  /** Signature, GUID and age. */
  static final int HEADER_BYTES = 24;

  static final int MAX_BYTES = HEADER_BYTES + 64;
  private static final int ALIGNMENT = 4;

  /** PDB names of Windows kernels, without their ending. */
  private static final List<String> KERNELS =
      List.of("ntkrnlmp", "ntoskrnl", "ntkrpamp", "ntkrla57", "ntkrnlpa");

  private CodeView() {}

  /** Parses the record at {@code offset}; its name may end early, where {@code limit} is. */
  static Optional<PdbId> parse(byte[] bytes, int offset, int limit) {
    if (limit - offset < HEADER_BYTES) {
      return Optional.empty();
    }
    ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (record.getInt(offset) != SIGNATURE) {
      return Optional.empty();
    }
    StringBuilder guid =
        new StringBuilder()
            .append(
                String.format(
                    Locale.ROOT,
                    "%08X%04X%04X",
                    record.getInt(offset + 4),
                    record.getShort(offset + 8),
                    record.getShort(offset + 10)));
    for (int i = 12; i < 20; i++) {
      guid.append(String.format(Locale.ROOT, "%02X", record.get(offset + i)));
    }
    return name(bytes, offset + HEADER_BYTES, Math.min(limit, offset + MAX_BYTES))
        .map(name -> new PdbId(name, guid.toString(), record.getInt(offset + 20)));
  }

  private static Optional<String> name(byte[] bytes, int start, int limit) {
    int end = start;
    while (end < limit && bytes[end] != 0) {
      if (bytes[end] < ' ' || bytes[end] > '~') {
        return Optional.empty();
      }
      end++;
    }
    return Optional.of(new String(bytes, start, end - start, StandardCharsets.US_ASCII));
  }

  /** Whether it names a Windows kernel; a name cut short by a missing page counts. */
  static boolean isKernel(PdbId pdb) {
    String name = pdb.name().toLowerCase(Locale.ROOT);
    return KERNELS.stream().anyMatch(name::startsWith);
  }

  /** The first kernel's record in a page, which need not begin in a debug directory. */
  static Optional<Found> findKernel(byte[] page, int limit) {
    ByteBuffer bytes = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    for (int offset = 0; offset + HEADER_BYTES <= limit; offset += ALIGNMENT) {
      if (bytes.getInt(offset) == SIGNATURE) {
        int at = offset;
        Optional<Found> found =
            parse(page, offset, limit).filter(CodeView::isKernel).map(pdb -> new Found(at, pdb));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  /** A record and where it is in its page. */
  record Found(int offset, PdbId pdb) {}
}
