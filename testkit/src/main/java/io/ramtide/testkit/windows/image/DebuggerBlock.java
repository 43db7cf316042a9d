package io.ramtide.testkit.windows.image;

import io.ramtide.testkit.windows.JsonFacts;
import io.ramtide.testkit.windows.KernelFacts;
import io.ramtide.testkit.windows.KernelSpace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * KdVersionBlock and KDBG (KDDEBUGGER_DATA64). From Windows 8 on, KDBG lies encoded in memory: each
 * 8 bytes are plain = bswap(rol(stored ^ KiWaitNever, KiWaitNever &amp; ff) ^ address of
 * KdpDataBlockEncoded) ^ KiWaitAlways. Source of the formula: Volatility 2, win8_kdbg.py.
 */
public final class DebuggerBlock {

  private final KernelSpace space;
  private final JsonFacts layout;

  public DebuggerBlock(KernelSpace space) {
    this.space = space;
    this.layout = space.facts.debuggerBlock();
  }

  public void write(Random random) {
    version();
    byte[] plain = block();
    if (space.facts.release().flag("/encodedDebuggerBlock")) {
      long waitNever = random.nextLong();
      long waitAlways = random.nextLong();
      space.kernel.putLong(space.symbol("KiWaitNever"), waitNever);
      space.kernel.putLong(space.symbol("KiWaitAlways"), waitAlways);
      space.kernel.putByte(space.symbol("KdpDataBlockEncoded"), 1);
      plain = encode(plain, waitNever, waitAlways, space.symbol("KdpDataBlockEncoded"));
    }
    space.kernel.put(space.symbol("KdDebuggerDataBlock"), plain);
  }

  private void version() {
    space
        .struct("_DBGKD_GET_VERSION64", space.symbol("KdVersionBlock"))
        .u16("MajorVersion", 0xf)
        .u16("MinorVersion", space.facts.build())
        .u8("ProtocolVersion", 6)
        .u16("MachineType", 0x8664)
        .u64("KernBase", space.imageVa)
        .u64("PsLoadedModuleList", space.symbol("PsLoadedModuleList"))
        .u64("DebuggerDataList", space.symbol("KdDebuggerDataBlock"));
  }

  private byte[] block() {
    KernelFacts facts = space.facts;
    int size = (int) facts.release().number("/debuggerBlockSize");
    long self = space.symbol("KdDebuggerDataBlock");
    ByteBuffer b = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    b.putLong(0, self).putLong(8, self);
    b.put(at("ownerTag"), "KDBG".getBytes(StandardCharsets.US_ASCII));
    b.putInt(at("size"), size).putLong(at("kernBase"), space.imageVa);
    for (var pointer : layout.at("/pointers").properties()) {
      if (facts.hasSymbol(pointer.getKey())) {
        b.putLong((int) JsonFacts.number(pointer.getValue()), space.symbol(pointer.getKey()));
      }
    }
    b.putShort(at("sizeEProcess"), (short) facts.size("_EPROCESS"));
    b.putShort(at("offsetEprocessPeb"), (short) facts.offset("_EPROCESS", "Peb"));
    b.putShort(
        at("offsetEprocessParentCid"),
        (short) facts.offset("_EPROCESS", "InheritedFromUniqueProcessId"));
    b.putShort(
        at("offsetEprocessDirectoryTableBase"),
        (short) facts.offset("_KPROCESS", "DirectoryTableBase"));
    b.putShort(at("sizeEThread"), (short) facts.size("_ETHREAD"));
    return b.array();
  }

  private int at(String field) {
    return (int) layout.number("/" + field);
  }

  private static byte[] encode(byte[] plain, long waitNever, long waitAlways, long address) {
    ByteBuffer b = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i + 8 <= plain.length; i += 8) {
      long swapped = Long.reverseBytes(b.getLong(i) ^ waitAlways) ^ address;
      b.putLong(i, Long.rotateRight(swapped, (int) waitNever & 0xff) ^ waitNever);
    }
    return plain;
  }
}
