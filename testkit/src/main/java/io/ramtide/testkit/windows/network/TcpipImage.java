package io.ramtide.testkit.windows.network;

import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.image.KernelImage;
import io.ramtide.testkit.x64.PageTables;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** The image of tcpip.sys: which symbol file it names, and its variables. */
final class TcpipImage {

  private static final int OPTIONAL_HEADER = 0x98; // as PeHeader writes it
  private static final int DIRECTORIES = OPTIONAL_HEADER + 108;
  private static final int DEBUG = DIRECTORIES + 4 + 6 * 8;
  private static final int ENTRY = 28;

  private final KernelSpace space;
  private final NetworkFacts facts;
  private final long base;
  private final Set<Long> mapped = new HashSet<>();

  TcpipImage(KernelSpace space, NetworkFacts facts, long base) {
    this.space = space;
    this.facts = facts;
    this.base = base;
  }

  /** Writes the debug directory and its RSDS record. Layouts: Microsoft's PE format. */
  void write() {
    int rva = facts.debugDirectoryRva();
    byte[] pdb = (facts.pdbFile() + "\0").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer b = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
    b.putInt(12, 2).putInt(16, 24 + pdb.length); // IMAGE_DEBUG_TYPE_CODEVIEW
    b.putInt(20, rva + ENTRY).putInt(24, rva + ENTRY).position(ENTRY);
    b.put("RSDS".getBytes(StandardCharsets.US_ASCII)).put(KernelImage.guid(facts.pdbGuid()));
    b.putInt(facts.pdbAge()).put(pdb);
    map(rva);
    space.kernel.put(base + rva, b.array());
    space.kernel.putInt(base + DIRECTORIES, 16);
    space.kernel.putInt(base + DEBUG, rva);
    space.kernel.putInt(base + DEBUG + 4, ENTRY);
  }

  /** Writes a variable. */
  void variable(String name, long value) {
    long rva = facts.symbol(name);
    map(rva);
    space.kernel.putLong(base + rva, value);
  }

  /** Writes a variable of four bytes. */
  void variable32(String name, int value) {
    long rva = facts.symbol(name);
    map(rva);
    space.kernel.putInt(base + rva, value);
  }

  private void map(long rva) {
    long page = base + rva & -0x1000;
    if (mapped.add(page)) {
      space.tables.map(space.root, page, space.frames.allocate(), PageTables.KERNEL_DATA);
    }
  }
}
