package io.ramtide.scanner.windows.vad;

import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.TinyGuest;
import java.nio.charset.StandardCharsets;

/** Writes VADs by hand, in the shape of a guest's layout. */
public final class TinyVads {
  private final TinyGuest guest;
  private final boolean isTable;
  private final boolean isWide;

  public TinyVads(TinyGuest guest) {
    this.guest = guest;
    this.isTable = guest.layout.has("MM_AVL_TABLE");
    this.isWide = !guest.layout.type("MMVAD_SHORT").has("VadNode");
  }

  /** A VAD from one page to another, without children. */
  public long node(String tag, long firstPage, long lastPage) {
    long va = guest.alloc(guest.layout.type("MMVAD").size());
    if (tag != null) {
      byte[] bytes = tag.getBytes(StandardCharsets.ISO_8859_1);
      guest.put(va - 12, bytes);
    }
    StructType node = guest.layout.type("MMVAD_SHORT");
    if (isWide) {
      guest.put(va + node.offset("StartingVpn"), 8, firstPage);
      guest.put(va + node.offset("EndingVpn"), 8, lastPage);
    } else {
      guest.put(va + node.offset("StartingVpn"), 4, firstPage);
      guest.put(va + node.offset("EndingVpn"), 4, lastPage);
      if (node.has("StartingVpnHigh")) {
        guest.put(va + node.offset("StartingVpnHigh"), 1, firstPage >>> 32);
        guest.put(va + node.offset("EndingVpnHigh"), 1, lastPage >>> 32);
      }
    }
    return va;
  }

  public void root(long node) {
    if (isTable) {
      // BalancedRoot is a node of its own, whose right child is the tree.
      child(guest.process + guest.layout.type("EPROCESS").offset("VadRoot"), "Right", node);
    } else {
      guest.pointer("EPROCESS", guest.process, "VadRoot", node);
    }
  }

  /**
   * @param side Left or Right
   */
  public void child(long node, String side, long child) {
    int offset =
        isTable
            ? guest.layout.type("MMADDRESS_NODE").offset(side + "Child")
            : guest.layout.type("RTL_BALANCED_NODE").offset(side);
    guest.put(node + offset, 8, child);
  }

  /** Sets a bit field of MMVAD_FLAGS, or of MMVAD_FLAGS1 where the layout has it there. */
  public void flag(long node, String field, long value) {
    StructType flags = guest.layout.type("MMVAD_FLAGS");
    boolean isFirst = flags.has(field);
    StructType.Field place =
        isFirst ? flags.field(field) : guest.layout.type("MMVAD_FLAGS1").field(field);
    long at = node + guest.layout.type("MMVAD_SHORT").offset(isFirst ? "u" : "u1");
    for (int i = 0; i < place.bits(); i++) {
      int bit = place.firstBit() + i;
      long gpa = (guest.memory.readLong(guest.pte(at)) & ~0xfffL) | (at & 0xfff);
      long old = guest.memory.readLong(gpa + bit / 8) & 0xff;
      guest.put(at + bit / 8, 1, ((value >>> i & 1) << (bit % 8)) | old);
    }
  }

  /** Gives a VAD a section over a file; returns the VA of its SUBSECTION. */
  public long section(long node, String file) {
    long subsection = guest.alloc(guest.layout.type("SUBSECTION").size());
    long area = guest.alloc(guest.layout.type("CONTROL_AREA").size());
    long segment = guest.alloc(guest.layout.type("SEGMENT").size());
    guest.pointer("MMVAD", node, "Subsection", subsection);
    guest.pointer("SUBSECTION", subsection, "ControlArea", area);
    guest.pointer("CONTROL_AREA", area, "Segment", segment);
    guest.pointer("SEGMENT", segment, "ControlArea", area);
    if (file != null) {
      long object = guest.alloc(guest.layout.type("FILE_OBJECT").size());
      guest.put(object + guest.layout.type("FILE_OBJECT").offset("Type"), 2, 5);
      guest.string(
          object + guest.layout.type("FILE_OBJECT").offset("FileName"),
          guest.alloc(2 * file.length() + 2),
          file,
          8);
      // An EX_FAST_REF: the count of references in the low bits.
      guest.pointer("CONTROL_AREA", area, "FilePointer", object | 0xd);
    }
    return subsection;
  }
}
