package io.ramtide.acquirer.dump;

import io.ramtide.acquirer.dump.ElfCore.ProgramHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/**
 * ELF notes that only the core of a user process has. A note is three little-endian u32 (name size,
 * descriptor size, type), the name and the descriptor, each padded to 4 bytes.
 */
final class ProcessNotes {
  private static final int NT_PRPSINFO = 3;
  private static final int NT_AUXV = 6;
  private static final int NT_FILE = 0x46494c45;
  private static final Set<Integer> PROCESS_TYPES = Set.of(NT_PRPSINFO, NT_AUXV, NT_FILE);

  /** "CORE" and its terminator; QEMU's own notes are named QEMU. */
  private static final int NAME_BYTES = 5;

  private static final int HEADER_BYTES = 12;
  private static final int MAX_BYTES = 1 << 20;

  private ProcessNotes() {}

  static boolean present(DumpFile file, List<ProgramHeader> notes) throws IOException {
    for (ProgramHeader note : notes) {
      if (note.offset() >= 0
          && present(file.head(note.offset(), (int) Math.min(MAX_BYTES, size(note))))) {
        return true;
      }
    }
    return false;
  }

  private static long size(ProgramHeader note) {
    return Math.max(0, note.fileBytes());
  }

  private static boolean present(ByteBuffer bytes) {
    long at = 0;
    while (at + HEADER_BYTES <= bytes.limit()) {
      long nameBytes = Integer.toUnsignedLong(bytes.getInt((int) at));
      long descriptorBytes = Integer.toUnsignedLong(bytes.getInt((int) at + 4));
      if (nameBytes == NAME_BYTES && PROCESS_TYPES.contains(bytes.getInt((int) at + 8))) {
        return true;
      }
      at += HEADER_BYTES + padded(nameBytes) + padded(descriptorBytes);
    }
    return false;
  }

  private static long padded(long size) {
    return (size + 3) & ~3L;
  }
}
