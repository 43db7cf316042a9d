package io.ramtide.testkit.ram;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * ELF64 core, little-endian, as QEMU's dump-guest-memory writes it without paging: e_type ET_CORE,
 * one PT_NOTE with a CORE (NT_PRSTATUS) and a QEMU note per vCPU, then PT_LOADs with p_paddr =
 * guest physical address, p_vaddr 0 and p_filesz = p_memsz. The contents follow the notes directly,
 * so their file offsets are not page aligned. Each range is cut into several PT_LOADs, which QEMU
 * does where its memory regions end.
 */
final class ElfCoreWriter {

  private static final int EHDR = 64;
  private static final int PHDR = 56;
  private static final int PRSTATUS = 336;
  private static final int CPU_STATE = 440;
  private static final int CPU_STATE_CR3 = 416;
  private static final long LOAD = 24L << 20;

  private ElfCoreWriter() {}

  static void write(GuestRam ram, Path file, long cr3) throws IOException {
    List<RamRange> loads = loads(ram);
    ByteBuffer notes = notes(cr3);
    ByteBuffer head = ByteBuffer.allocate(EHDR + PHDR * (loads.size() + 1));
    head.order(ByteOrder.LITTLE_ENDIAN);
    fileHeader(head, loads.size() + 1);
    programHeader(head, 4, head.capacity(), 0, notes.remaining());
    long contents = (long) head.capacity() + notes.remaining();
    long offset = contents;
    for (RamRange load : loads) {
      programHeader(head, 1, offset, load.start(), load.length());
      offset += load.length();
    }
    try (DumpFile dump = new DumpFile(file)) {
      dump.write(0, head.flip());
      dump.write(head.capacity(), notes);
      offset = contents;
      for (RamRange load : loads) {
        dump.writeMemory(offset, ram, load.start(), load.end());
        offset += load.length();
      }
      dump.setLength(offset);
    }
  }

  private static List<RamRange> loads(GuestRam ram) {
    List<RamRange> loads = new ArrayList<>();
    for (RamRange range : ram.ram()) {
      for (long at = range.start(); at < range.end(); at += LOAD) {
        loads.add(new RamRange(at, Math.min(LOAD, range.end() - at)));
      }
    }
    return loads;
  }

  private static void fileHeader(ByteBuffer head, int programHeaders) {
    head.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
    head.putShort((short) 4).putShort((short) 62).putInt(1); // ET_CORE, EM_X86_64, EV_CURRENT
    head.putLong(0).putLong(EHDR).putLong(0).putInt(0); // e_entry, e_phoff, e_shoff, e_flags
    head.putShort((short) EHDR).putShort((short) PHDR).putShort((short) programHeaders);
    head.putShort((short) 0).putShort((short) 0).putShort((short) 0);
  }

  private static void programHeader(ByteBuffer head, int type, long offset, long gpa, long length) {
    head.putInt(type).putInt(0).putLong(offset).putLong(0).putLong(gpa);
    head.putLong(length).putLong(length).putLong(0);
  }

  private static ByteBuffer notes(long cr3) {
    ByteBuffer state = ByteBuffer.allocate(CPU_STATE).order(ByteOrder.LITTLE_ENDIAN);
    state.putInt(0, 1).putInt(4, CPU_STATE).putLong(CPU_STATE_CR3, cr3);
    ByteBuffer notes = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    note(notes, "CORE", 1, new byte[PRSTATUS]);
    note(notes, "QEMU", 0, state.array());
    return notes.flip();
  }

  private static void note(ByteBuffer notes, String name, int type, byte[] content) {
    notes.putInt(name.length() + 1).putInt(content.length).putInt(type);
    notes.put((name + "\0\0\0\0").substring(0, 8).getBytes(StandardCharsets.US_ASCII));
    notes.put(content);
  }
}
