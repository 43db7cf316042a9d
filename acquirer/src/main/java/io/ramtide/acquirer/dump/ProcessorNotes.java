package io.ramtide.acquirer.dump;

import io.ramtide.acquirer.dump.ElfCore.ProgramHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * CR3 of each processor, from the notes named QEMU that QEMU and libvirt write into an ELF core:
 * little-endian version and size (4 bytes each), 16 general registers, RIP and flags (8 each), ten
 * segments (24 each), then CR0 to CR4 (8 each). Source: QEMUCPUState of QEMU's
 * target/i386/arch_dump.c. Hints: what is damaged is passed over.
 */
final class ProcessorNotes {
  private static final byte[] NAME = {'Q', 'E', 'M', 'U', 0};
  private static final int HEADER_BYTES = 12;
  private static final int CR3 = 2 * 4 + 18 * 8 + 10 * 24 + 3 * 8;

  /** As many notes as some thousand processors have. */
  private static final int MAX_BYTES = 4 << 20;

  private ProcessorNotes() {}

  /** The different ones, in the order of the processors. */
  static List<Long> cr3s(DumpFile file, List<ProgramHeader> notes) throws IOException {
    List<Long> cr3s = new ArrayList<>();
    for (ProgramHeader note : notes) {
      if (note.offset() >= 0 && note.fileBytes() > 0) {
        add(file.head(note.offset(), (int) Math.min(MAX_BYTES, note.fileBytes())), cr3s);
      }
    }
    return cr3s.stream().distinct().toList();
  }

  private static void add(ByteBuffer bytes, List<Long> cr3s) {
    long at = 0;
    while (at + HEADER_BYTES <= bytes.limit()) {
      long nameBytes = Integer.toUnsignedLong(bytes.getInt((int) at));
      long descriptorBytes = Integer.toUnsignedLong(bytes.getInt((int) at + 4));
      long descriptor = at + HEADER_BYTES + padded(nameBytes);
      boolean holdsCr3 =
          descriptorBytes >= CR3 + Long.BYTES && descriptor + CR3 + Long.BYTES <= bytes.limit();
      if (holdsCr3 && isQemu(bytes, (int) at + HEADER_BYTES, nameBytes)) {
        long cr3 = bytes.getLong((int) descriptor + CR3);
        if (cr3 != 0) {
          cr3s.add(cr3);
        }
      }
      at = descriptor + padded(descriptorBytes);
    }
  }

  private static boolean isQemu(ByteBuffer bytes, int at, long nameBytes) {
    if (nameBytes != NAME.length) {
      return false;
    }
    for (int i = 0; i < NAME.length; i++) {
      if (bytes.get(at + i) != NAME[i]) {
        return false;
      }
    }
    return true;
  }

  private static long padded(long size) {
    return (size + 3) & ~3L;
  }
}
