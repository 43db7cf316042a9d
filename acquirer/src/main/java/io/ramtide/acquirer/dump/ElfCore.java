package io.ramtide.acquirer.dump;

import io.ramtide.acquirer.dump.DumpContents.Segment;
import io.ramtide.schemas.Consistency;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * ELF64 core with physical addresses, as `virsh dump --memory-only`, QEMU's dump-guest-memory and
 * VBoxManage write it. Every PT_LOAD is a piece of RAM: p_paddr is its GPA, and what is in p_memsz
 * but not in p_filesz is zero. Layouts are those of the System V ABI's elf(5), little-endian.
 */
final class ElfCore {
  private static final int MAGIC = 0x464c457f;
  private static final int HEADER_BYTES = 64;
  private static final int PROGRAM_HEADER_BYTES = 56;
  private static final int SECTION_HEADER_BYTES = 64;
  private static final int CLASS_64 = 2;
  private static final int LITTLE_ENDIAN = 1;
  private static final int ET_CORE = 4;
  private static final int PT_LOAD = 1;
  private static final int PT_NOTE = 4;

  /** e_phnum when the count does not fit: it is in the first section header's sh_info. */
  private static final int PN_XNUM = 0xffff;

  private ElfCore() {}

  static boolean recognises(DumpFile file) throws IOException {
    ByteBuffer magic = file.head(0, Integer.BYTES);
    return magic.remaining() == Integer.BYTES && magic.getInt(0) == MAGIC;
  }

  static DumpContents parse(DumpFile file) throws IOException, UnreadableDumpException {
    ByteBuffer header = file.head(0, HEADER_BYTES);
    if (header.remaining() < HEADER_BYTES) {
      throw corrupt(file, "the file ends inside the ELF header");
    }
    requireCore64(file, header);
    List<ProgramHeader> headers = programHeaders(file, header);
    List<Segment> segments = new ArrayList<>();
    for (ProgramHeader each : headers) {
      if (each.type == PT_LOAD && each.memoryBytes != 0) {
        segments.add(each.segment(file));
      }
    }
    if (segments.isEmpty()) {
      throw new UnreadableDumpException(
          "%s: an ELF core without any memory (no PT_LOAD); dump the guest again".formatted(file));
    }
    refuseUserProcess(file, headers, segments);
    List<Long> cr3s = ProcessorNotes.cr3s(file, notes(headers));
    return new DumpContents("dump:elf-core", Consistency.UNKNOWN, segments, cr3s, List.of());
  }

  private static void requireCore64(DumpFile file, ByteBuffer header)
      throws UnreadableDumpException {
    int type = Short.toUnsignedInt(header.getShort(16));
    if (header.get(5) != LITTLE_ENDIAN) {
      throw new UnreadableDumpException(
          file + ": a big-endian ELF; Windows guests are little-endian x86-64");
    }
    if (header.get(4) != CLASS_64) {
      throw new UnreadableDumpException(
          file + ": a 32-bit ELF; dump an x86-64 guest as a 64-bit ELF core");
    }
    if (type != ET_CORE) {
      throw new UnreadableDumpException(
          "%s: an ELF file but no core dump (e_type %d, not 4): a program or library?"
              .formatted(file, type));
    }
  }

  private static List<ProgramHeader> programHeaders(DumpFile file, ByteBuffer header)
      throws IOException, UnreadableDumpException {
    long tableOffset = header.getLong(32);
    int entryBytes = Short.toUnsignedInt(header.getShort(54));
    long count = Short.toUnsignedInt(header.getShort(56));
    if (count == PN_XNUM) {
      count = countInSectionHeader(file, header.getLong(40));
    }
    if (count == 0) {
      throw corrupt(file, "it has no program headers");
    }
    if (entryBytes != PROGRAM_HEADER_BYTES) {
      throw corrupt(file, "e_phentsize is %d, not 56".formatted(entryBytes));
    }
    long room = file.size() - tableOffset;
    if (tableOffset < 0 || room < 0 || count > room / PROGRAM_HEADER_BYTES) {
      throw corrupt(
          file,
          "%d program headers at 0x%x do not fit into the file, which ends at 0x%x"
              .formatted(count, tableOffset, file.size()));
    }
    if (count > DumpContents.MAX_SEGMENTS * 2L) {
      throw corrupt(file, count + " program headers are more than any guest needs");
    }
    ByteBuffer table = file.head(tableOffset, (int) count * PROGRAM_HEADER_BYTES);
    List<ProgramHeader> headers = new ArrayList<>((int) count);
    for (int i = 0; i < count; i++) {
      headers.add(ProgramHeader.at(table, i));
    }
    return headers;
  }

  private static long countInSectionHeader(DumpFile file, long offset)
      throws IOException, UnreadableDumpException {
    ByteBuffer section =
        offset <= 0 ? ByteBuffer.allocate(0) : file.head(offset, SECTION_HEADER_BYTES);
    if (section.remaining() < SECTION_HEADER_BYTES) {
      throw corrupt(
          file, "e_phnum refers to a section header at 0x%x that is not there".formatted(offset));
    }
    return Integer.toUnsignedLong(section.getInt(44));
  }

  /** The kernel's core of a process has the same format, but knows no physical addresses. */
  private static void refuseUserProcess(
      DumpFile file, List<ProgramHeader> headers, List<Segment> segments)
      throws IOException, UnreadableDumpException {
    boolean physical = segments.stream().anyMatch(segment -> segment.gpa() != 0);
    if (!physical && (segments.size() > 1 || ProcessNotes.present(file, notes(headers)))) {
      throw new UnreadableDumpException(
          file
              + ": the core of a user process: it has no physical addresses; dump the guest's"
              + " memory with `virsh dump --memory-only --format elf`");
    }
  }

  private static List<ProgramHeader> notes(List<ProgramHeader> headers) {
    return headers.stream().filter(header -> header.type == PT_NOTE).toList();
  }

  private static UnreadableDumpException corrupt(DumpFile file, String what) {
    return new UnreadableDumpException("%s: a corrupt ELF core: %s".formatted(file, what));
  }

  record ProgramHeader(
      int index, int type, long offset, long paddr, long fileBytes, long memoryBytes) {
    static ProgramHeader at(ByteBuffer table, int index) {
      int at = index * PROGRAM_HEADER_BYTES;
      return new ProgramHeader(
          index,
          table.getInt(at),
          table.getLong(at + 8),
          table.getLong(at + 24),
          table.getLong(at + 32),
          table.getLong(at + 40));
    }

    Segment segment(DumpFile file) throws UnreadableDumpException {
      Segment segment =
          new Segment("program header " + index, paddr, memoryBytes, offset, fileBytes);
      if (!segment.isPossible()) {
        throw corrupt(file, "impossible " + segment);
      }
      return segment;
    }
  }
}
