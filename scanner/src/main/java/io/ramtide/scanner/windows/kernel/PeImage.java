package io.ramtide.scanner.windows.kernel;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.symbols.PdbId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A 64-bit PE image in memory. Field offsets: "PE Format" of Microsoft's documentation.
 *
 * @param base VA of its MZ header
 * @param size of the image in memory, bytes
 * @param exportsRva of its export directory; 0 if it has none
 */
record PeImage(
    AddressSpace space, long base, int size, int exportsRva, int debugRva, int debugBytes) {
  static final int MZ = 0x5a4d;
  static final int MAX_SIZE = 64 << 20;
  private static final int PE = 0x4550;
  private static final int AMD64 = 0x8664;
  private static final int PE32_PLUS = 0x20b;
  private static final int NEW_HEADER = 0x3c;
  private static final int MAX_NEW_HEADER = 0x800;
  private static final int OPTIONAL_HEADER = 24;
  private static final int SIZE_OF_IMAGE = OPTIONAL_HEADER + 56;
  private static final int EXPORTS = OPTIONAL_HEADER + 112;
  private static final int DEBUG_DIRECTORY = OPTIONAL_HEADER + 112 + 6 * 8;
  private static final int HEADERS = DEBUG_DIRECTORY + 8;
  private static final int DEBUG_ENTRY_BYTES = 28;
  private static final int MAX_DEBUG_ENTRIES = 16;
  private static final int CODE_VIEW = 2;

  /** Reads the headers at {@code base}; empty if there is no such image or they cannot be read. */
  static Optional<PeImage> read(AddressSpace space, long base) {
    byte[] page = new byte[MAX_NEW_HEADER + HEADERS];
    int known = space.read(base, page, 0, page.length).bytes();
    ByteBuffer bytes = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    if (known < NEW_HEADER + 4 || bytes.getShort(0) != MZ) {
      return Optional.empty();
    }
    int header = bytes.getInt(NEW_HEADER);
    if (header < 0 || header > MAX_NEW_HEADER || known < header + HEADERS) {
      return Optional.empty();
    }
    int size = bytes.getInt(header + SIZE_OF_IMAGE);
    if (bytes.getInt(header) != PE
        || (bytes.getShort(header + 4) & 0xffff) != AMD64
        || bytes.getShort(header + OPTIONAL_HEADER) != PE32_PLUS
        || size <= 0
        || size > MAX_SIZE) {
      return Optional.empty();
    }
    int rva = bytes.getInt(header + DEBUG_DIRECTORY);
    int length = bytes.getInt(header + DEBUG_DIRECTORY + 4);
    int exports = bytes.getInt(header + EXPORTS);
    return Optional.of(new PeImage(space, base, size, exports, rva, length));
  }

  /** Its PDB, by the debug directory; empty if that cannot be read or names none. */
  Optional<PdbId> pdb() {
    if (debugRva <= 0 || debugRva >= size || debugBytes <= 0) {
      return Optional.empty();
    }
    int entries = Math.min(debugBytes / DEBUG_ENTRY_BYTES, MAX_DEBUG_ENTRIES);
    byte[] directory = new byte[entries * DEBUG_ENTRY_BYTES];
    int known = space.read(base + debugRva, directory, 0, directory.length).bytes();
    ByteBuffer bytes = ByteBuffer.wrap(directory).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at + DEBUG_ENTRY_BYTES <= known; at += DEBUG_ENTRY_BYTES) {
      int rva = bytes.getInt(at + 20);
      if (bytes.getInt(at + 12) == CODE_VIEW && rva > 0 && rva < size) {
        byte[] record = new byte[CodeView.MAX_BYTES];
        int read = space.read(base + rva, record, 0, record.length).bytes();
        Optional<PdbId> pdb = CodeView.parse(record, 0, read);
        if (pdb.isPresent()) {
          return pdb;
        }
      }
    }
    return Optional.empty();
  }

  /** VA of its export directory; 0 if it has none. */
  long exports() {
    return exportsRva > 0 && exportsRva < size ? base + exportsRva : 0;
  }

  boolean contains(long va) {
    return va >= base && va - base < size;
  }
}
