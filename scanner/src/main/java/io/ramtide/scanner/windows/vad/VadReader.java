package io.ramtide.scanner.windows.vad;

import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.Struct;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * Reads one node of a VAD tree, in the shape that the guest's build has.
 *
 * <p>Windows 7: an MMADDRESS_NODE with 64-bit page numbers. Windows 8: an MM_AVL_NODE, then 32-bit
 * page numbers. Windows 8.1 on: an RTL_BALANCED_NODE, then 32-bit page numbers and eight bits more
 * of each. Which one it is follows from the fields that the layout has.
 */
final class VadReader {
  private static final int PAGE_SHIFT = 12;
  private static final int COMMIT_CHARGE_BITS = 31;

  private final Guest guest;
  private final StructType node;
  private final StructType flags;
  private final int left;
  private final int right;
  private final boolean wideNumbers;

  /** A node: the VAD, or why it is none, and its children's VAs (0: none). */
  record Node(Vad vad, String trouble, long left, long right) {}

  VadReader(Guest guest) {
    this.guest = guest;
    this.node = guest.type("MMVAD_SHORT");
    this.flags = guest.type("MMVAD_FLAGS");
    if (node.has("LeftChild")) {
      left = node.offset("LeftChild");
      right = node.offset("RightChild");
    } else if (isTable(guest.layout())) {
      StructType avl = guest.type("MMADDRESS_NODE");
      left = node.offset("VadNode") + avl.offset("LeftChild");
      right = node.offset("VadNode") + avl.offset("RightChild");
    } else {
      StructType balanced = guest.type("RTL_BALANCED_NODE");
      left = node.offset("VadNode") + balanced.offset("Left");
      right = node.offset("VadNode") + balanced.offset("Right");
    }
    wideNumbers = node.offset("EndingVpn") - node.offset("StartingVpn") == Long.BYTES;
  }

  /** Whether a process has a table with a dummy node, not only a pointer to the root. */
  private static boolean isTable(Layout layout) {
    return layout.has("MM_AVL_TABLE");
  }

  /** VA of the root's node, 0 if there is no VAD; empty if that cannot be read. */
  OptionalLong root(Struct process) {
    long tree = process.address("VadRoot");
    if (!isTable(guest.layout())) {
      return guest.space().qword(tree + guest.type("RTL_AVL_TREE").offset("Root"));
    }
    // The table's own node is no VAD: the tree is its right child.
    return guest
        .space()
        .qword(
            tree
                + guest.type("MM_AVL_TABLE").offset("BalancedRoot")
                + guest.type("MMADDRESS_NODE").offset("RightChild"));
  }

  /** Whether a pointer may be one to a node. */
  boolean isNodeAddress(long va) {
    return guest.isKernelAddress(va) && va % Long.BYTES == 0;
  }

  Node read(long va) {
    Struct raw = Struct.read(guest.space(), node, va);
    OptionalLong leftVa = guest.space().qword(va + left);
    OptionalLong rightVa = guest.space().qword(va + right);
    if (!raw.isComplete() || leftVa.isEmpty() || rightVa.isEmpty()) {
      return new Node(null, raw.gap().orElseThrow().text(), leftVa.orElse(0), rightVa.orElse(0));
    }
    long start = number(raw, "StartingVpn");
    long end = number(raw, "EndingVpn");
    long limit = -guest.space().mode().kernelStart() >>> PAGE_SHIFT;
    String trouble = null;
    if (Long.compareUnsigned(end, limit) >= 0 || Long.compareUnsigned(start, limit) >= 0) {
      trouble = "it reaches out of user space";
    } else if (end < start) {
      trouble = "it ends before it begins";
    }
    Vad vad = trouble == null ? vad(raw, start, end) : null;
    return new Node(vad, trouble, leftVa.getAsLong(), rightVa.getAsLong());
  }

  private long number(Struct raw, String field) {
    if (wideNumbers) {
      return raw.u64(field).orElseThrow();
    }
    String high = field + "High";
    return raw.u32(field).orElseThrow()
        | (raw.has(high) ? (long) raw.u8(high).orElseThrow() << 32 : 0);
  }

  private Vad vad(Struct raw, long start, long end) {
    long bits = flags.size() == 8 ? raw.u64("u").orElseThrow() : raw.u32("u").orElseThrow();
    boolean isPrivate = flags.field("PrivateMemory").in(bits) != 0;
    String tag = tag(raw.va());
    boolean isLong = VadFacts.shipped().longTags().contains(tag) || !isPrivate;
    Struct mapping = isLong ? guest.struct("MMVAD", raw.va()) : null;
    return new Vad(
        raw.va(),
        tag,
        start << PAGE_SHIFT,
        (end << PAGE_SHIFT) + (1 << PAGE_SHIFT) - 1,
        (int) flags.field("Protection").in(bits),
        (int) flags.field("VadType").in(bits),
        isPrivate,
        isCommitted(raw, bits),
        commitCharge(raw, bits),
        pointer(mapping, "Subsection"),
        pointer(mapping, "FirstPrototypePte"),
        pointer(mapping, "LastContiguousPte"));
  }

  private boolean isCommitted(Struct raw, long bits) {
    return flags.has("MemCommit")
        ? flags.field("MemCommit").in(bits) != 0
        : guest.type("MMVAD_FLAGS1").field("MemCommit").in(raw.u32("u1").orElseThrow()) != 0;
  }

  private long commitCharge(Struct raw, long bits) {
    if (flags.has("CommitCharge")) {
      return flags.field("CommitCharge").in(bits);
    }
    long charge = guest.type("MMVAD_FLAGS1").field("CommitCharge").in(raw.u32("u1").orElseThrow());
    return raw.has("CommitChargeHigh")
        ? charge | (long) raw.u8("CommitChargeHigh").orElseThrow() << COMMIT_CHARGE_BITS
        : charge;
  }

  private long pointer(Struct mapping, String field) {
    long va = mapping == null || !mapping.has(field) ? 0 : mapping.u64(field).orElse(0);
    return guest.isKernelAddress(va) ? va : 0;
  }

  /** The pool tag before a node, if it is a VAD's: a tampered one hides nothing. */
  private String tag(long va) {
    StructType header = guest.type("POOL_HEADER");
    OptionalLong tag = guest.space().dword(va - header.size() + header.offset("PoolTag"));
    if (tag.isEmpty()) {
      return null;
    }
    byte[] bytes =
        ByteBuffer.allocate(Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt((int) tag.getAsLong())
            .array();
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return VadFacts.shipped().isTag(text) ? text : null;
  }
}
