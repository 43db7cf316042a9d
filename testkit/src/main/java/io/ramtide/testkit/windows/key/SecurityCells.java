package io.ramtide.testkit.windows.key;

import io.ramtide.testkit.windows.hive.Cells;
import io.ramtide.testkit.windows.process.Sid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes security descriptors (sk): one for each owner and storage, on a ring, with the number of
 * keys that have it. The descriptor is self-relative: see SECURITY_DESCRIPTOR_RELATIVE in winnt.h.
 */
final class SecurityCells {

  private static final String SYSTEM = "S-1-5-18";
  private static final String EVERYONE = "S-1-1-0";
  private static final int HEADER = 20;
  private static final int KEY_ALL_ACCESS = 0xf003f;
  private static final int KEY_READ = 0x20019;
  private static final int CONTAINER_INHERIT = 2;
  private static final short SELF_RELATIVE_WITH_DACL = (short) 0x8004;

  private final Cells cells;
  private final Map<String, Integer> known = new HashMap<>();
  private final Map<Integer, Integer> users = new HashMap<>();
  private final List<List<Integer>> rings = List.of(new ArrayList<>(), new ArrayList<>());

  SecurityCells(Cells cells) {
    this.cells = cells;
  }

  /** The cell of the descriptor with an owner, for one key more. */
  int use(String owner, boolean inVolatile, long now) {
    int cell = known.computeIfAbsent(owner + inVolatile, key -> create(owner, inVolatile, now));
    count(cell, 1);
    return cell;
  }

  /** Takes a key from a descriptor's; without any it is gone. */
  void release(String owner, boolean inVolatile) {
    int cell = known.get(owner + inVolatile);
    count(cell, -1);
    if (users.get(cell) == 0) {
      known.remove(owner + inVolatile);
      rings.get(inVolatile ? 1 : 0).remove((Integer) cell);
      link(inVolatile);
      cells.free(cell);
    }
  }

  private void count(int cell, int change) {
    int now = users.merge(cell, change, Integer::sum);
    cells.struct("_CM_KEY_SECURITY", cell).u32("ReferenceCount", now);
  }

  private int create(String owner, boolean inVolatile, long now) {
    byte[] descriptor = descriptor(owner);
    int bytes = cells.facts.offset("_CM_KEY_SECURITY", "Descriptor") + descriptor.length;
    int cell = cells.allocate(inVolatile, bytes, now);
    cells
        .struct("_CM_KEY_SECURITY", cell)
        .signature("sk")
        .u32("DescriptorLength", descriptor.length)
        .bytes("Descriptor", descriptor);
    rings.get(inVolatile ? 1 : 0).add(cell);
    users.put(cell, 0);
    link(inVolatile);
    return cell;
  }

  private void link(boolean inVolatile) {
    List<Integer> ring = rings.get(inVolatile ? 1 : 0);
    for (int i = 0; i < ring.size(); i++) {
      cells
          .struct("_CM_KEY_SECURITY", ring.get(i))
          .u32("Flink", ring.get((i + 1) % ring.size()))
          .u32("Blink", ring.get((i + ring.size() - 1) % ring.size()));
    }
  }

  private static byte[] descriptor(String owner) {
    byte[] ownerSid = Sid.bytes(owner);
    byte[] group = Sid.bytes(SYSTEM);
    byte[] list = accessList(ownerSid, Sid.bytes(EVERYONE));
    ByteBuffer b =
        ByteBuffer.allocate(HEADER + list.length + ownerSid.length + group.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    b.put((byte) 1).put((byte) 0).putShort(SELF_RELATIVE_WITH_DACL);
    b.putInt(HEADER + list.length).putInt(HEADER + list.length + ownerSid.length);
    b.putInt(0).putInt(HEADER);
    return b.put(list).put(ownerSid).put(group).array();
  }

  private static byte[] accessList(byte[] owner, byte[] everyone) {
    ByteBuffer b =
        ByteBuffer.allocate(8 + 8 + owner.length + 8 + everyone.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    b.putShort((short) 2).putShort((short) b.capacity()).putShort((short) 2).putShort((short) 0);
    entry(b, KEY_ALL_ACCESS, owner);
    entry(b, KEY_READ, everyone);
    return b.array();
  }

  private static void entry(ByteBuffer b, int access, byte[] sid) {
    b.put((byte) 0).put((byte) CONTAINER_INHERIT).putShort((short) (8 + sid.length));
    b.putInt(access).put(sid);
  }
}
