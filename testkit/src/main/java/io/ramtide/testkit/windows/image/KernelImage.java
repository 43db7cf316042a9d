package io.ramtide.testkit.windows.image;

import io.ramtide.testkit.windows.KernelFacts;
import io.ramtide.testkit.windows.KernelSpace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * The PE header of the kernel image in memory, its sections, its export directory and its debug
 * directory with the RSDS record that names the symbol file. Layouts: Microsoft's PE format.
 */
public final class KernelImage {

  private static final int PE_HEADER = 0xe8;
  private static final int OPTIONAL_HEADER = 0xf0;
  private static final int TIME_STAMP = 0x5dcb0c2a;
  private static final int CODE_PAGES = 48;
  private static final int DATA_FLOOR = 0x100000;
  private static final List<String> EXPORTS =
      List.of("NtBuildNumber", "PsInitialSystemProcess", "PsProcessType", "PsThreadType");
  private static final List<String> DATA =
      List.of("KdVersionBlock", "PsActiveProcessHead", "KiInitialThread", "PsLoadedModuleList");

  private final KernelSpace space;
  private final KernelFacts facts;

  public KernelImage(KernelSpace space) {
    this.space = space;
    this.facts = space.facts;
  }

  public void write(Random random) {
    byte[] code = new byte[CODE_PAGES * 4096];
    random.nextBytes(code);
    space.kernel.put(space.imageVa + 0x1000, code);
    int dataStart =
        (int)
            (DATA.stream().mapToLong(facts::symbol).filter(a -> a > DATA_FLOOR).min().orElseThrow()
                & -0x1000);
    int exportsRva = (int) facts.imageSize() - 0x2000;
    int exportsSize = exports(exportsRva);
    int debugRva = (int) facts.release().number("/debugDirectoryRva");
    debugDirectory(debugRva);
    header(dataStart, exportsRva, exportsSize, debugRva);
    space.kernel.put(
        space.symbol("NtBuildLab"), (facts.buildLab() + "\0").getBytes(StandardCharsets.US_ASCII));
    space.kernel.putInt(space.symbol("NtBuildNumber"), 0xf0000000 | facts.build());
  }

  private void header(int dataStart, int exportsRva, int exportsSize, int debugRva) {
    ByteBuffer b = ByteBuffer.allocate(0x400).order(ByteOrder.LITTLE_ENDIAN);
    b.put(0, new byte[] {'M', 'Z', (byte) 0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0, -1, -1});
    b.putInt(0x3c, PE_HEADER).position(PE_HEADER);
    b.put(new byte[] {'P', 'E', 0, 0}).putShort((short) 0x8664).putShort((short) 5);
    b.putInt(TIME_STAMP).putLong(0).putShort((short) OPTIONAL_HEADER).putShort((short) 0x22);
    int optional = b.position();
    b.putShort((short) 0x20b).putShort((short) 9).putInt(dataStart - 0x1000);
    b.putInt((int) facts.imageSize() - dataStart).putInt(0).putInt(0x1000).putInt(0x1000);
    b.putLong(space.imageVa).putInt(0x1000).putInt(0x200);
    short major = (short) facts.release().number("/majorVersion");
    short minor = (short) facts.release().number("/minorVersion");
    b.putShort(major).putShort(minor).putShort(major).putShort(minor).putShort(major);
    b.putShort(minor).putInt(0).putInt((int) facts.imageSize()).putInt(0x400).putInt(0);
    b.putShort((short) 1).putShort((short) 0).putLong(0x80000).putLong(0x2000);
    b.putLong(0x100000).putLong(0x1000).putInt(0).putInt(16);
    b.putInt(exportsRva).putInt(exportsSize); // data directory 0: exports
    b.putInt(optional + 112 + 6 * 8, debugRva).putInt(optional + 112 + 6 * 8 + 4, 28);
    b.position(optional + OPTIONAL_HEADER);
    section(b, ".text", 0x1000, dataStart - 0x2000, 0x68000020);
    section(b, "POOLCODE", dataStart - 0x1000, 0x1000, 0x68000020);
    section(b, ".data", dataStart, exportsRva - dataStart, 0xc8000040);
    section(b, ".edata", exportsRva, 0x1000, 0x40000040);
    section(b, "INIT", exportsRva + 0x1000, 0x1000, 0x62000020);
    space.kernel.put(space.imageVa, b.array());
  }

  private static void section(ByteBuffer b, String name, int rva, int size, int flags) {
    byte[] padded = new byte[8];
    byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, padded, 0, ascii.length);
    b.put(padded).putInt(size).putInt(rva).putInt(size).putInt(rva).putLong(0).putInt(0);
    b.putInt(flags);
  }

  private int exports(int rva) {
    ByteBuffer b = ByteBuffer.allocate(0x1000).order(ByteOrder.LITTLE_ENDIAN);
    int count = EXPORTS.size();
    int functions = 40;
    int names = functions + 4 * count;
    int ordinals = names + 4 * count;
    int text = ordinals + 2 * count;
    b.putInt(0).putInt(TIME_STAMP).putInt(0).putInt(rva + text).putInt(1);
    b.putInt(count)
        .putInt(count)
        .putInt(rva + functions)
        .putInt(rva + names)
        .putInt(rva + ordinals);
    b.position(text).put("ntoskrnl.exe\0".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < count; i++) {
      b.putInt(functions + 4 * i, (int) facts.symbol(EXPORTS.get(i)));
      b.putInt(names + 4 * i, rva + b.position());
      b.putShort(ordinals + 2 * i, (short) i);
      b.put((EXPORTS.get(i) + "\0").getBytes(StandardCharsets.US_ASCII));
    }
    space.kernel.put(space.imageVa + rva, b.array());
    return b.position();
  }

  private void debugDirectory(int rva) {
    ByteBuffer b = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
    byte[] pdb = (facts.pdbFile() + "\0").getBytes(StandardCharsets.US_ASCII);
    int record = 28;
    b.putInt(0).putInt(TIME_STAMP).putInt(0).putInt(2); // IMAGE_DEBUG_TYPE_CODEVIEW
    b.putInt(24 + pdb.length).putInt(rva + record).putInt(rva + record);
    b.put("RSDS".getBytes(StandardCharsets.US_ASCII)).put(guid(facts.pdbGuid()));
    b.putInt(facts.pdbAge()).put(pdb);
    space.kernel.put(space.imageVa + rva, b.array());
  }

  /** Virtual address of the 16 GUID bytes in the RSDS record. */
  public long guidVa() {
    return space.imageVa + facts.release().number("/debugDirectoryRva") + 28 + 4;
  }

  /** A GUID in memory: the first three groups little-endian, the rest as written. */
  public static byte[] guid(String hex) {
    ByteBuffer b = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    b.putInt((int) Long.parseLong(hex.substring(0, 8), 16));
    b.putShort((short) Integer.parseInt(hex.substring(8, 12), 16));
    b.putShort((short) Integer.parseInt(hex.substring(12, 16), 16));
    b.order(ByteOrder.BIG_ENDIAN).putLong(Long.parseUnsignedLong(hex.substring(16), 16));
    return b.array();
  }
}
