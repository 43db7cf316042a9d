package io.ramtide.testkit.windows.hive;

import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Links;
import io.ramtide.testkit.windows.Struct;
import io.ramtide.testkit.windows.pool.BigPages;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.pool.PoolBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The CMHIVE of a hive in paged pool, its names, and its base block: what files begin with. */
public final class HiveObject {

  private static final int SIGNATURE = 0xbee0bee0;
  private static final int PAGE = HivePages.PAGE;
  private static final int IN_MEMORY_ONLY = 1; // HIVE_VOLATILE
  private static final int STORAGES = 2;
  private static final int CHECKED_BYTES = 508;
  private static final int NAME_BYTES = 62; // of FileName: the end of longer names, and a zero

  private final KernelSpace space;
  private final Pool paged;
  private final BigPages big;
  private final Links links;
  private final PoolBlock block; // null if it has pages of its own
  private final List<PoolBlock> texts = new ArrayList<>();
  private final Struct hive;
  private final long baseBlock;
  public final long va;

  public HiveObject(KernelSpace space, Pool paged, BigPages big, HiveSource source) {
    this.space = space;
    this.paged = paged;
    this.big = big;
    links = new Links(space.kernel);
    byte[] tag = space.facts.tag("hive");
    int size = space.facts.size("_CMHIVE");
    block = size + PoolBlock.HEADER > PAGE ? null : paged.allocate(tag, size, PoolBlock.PAGED);
    va = block == null ? big.allocate(tag, size) : block.body();
    baseBlock = big.allocate(space.facts.tag("hiveBase"), space.facts.size("_HBASE_BLOCK"));
    hive = space.struct("_CMHIVE", va);
    space
        .struct("_HHIVE", va)
        .u32("Signature", SIGNATURE)
        .u64("GetCellRoutine", space.imageVa + 0x1a40)
        .u64("Allocate", space.imageVa + 0x1b80)
        .u64("Free", space.imageVa + 0x1c10)
        .u64("BaseBlock", baseBlock)
        .u32("Cluster", 1)
        .u32("HiveFlags", source.inMemoryOnly() ? IN_MEMORY_ONLY : 0)
        .u32("StorageTypeCount", STORAGES)
        .u32("Version", source.minorVersion());
    text("HiveRootPath", source.path());
    if (!source.inMemoryOnly()) {
      text("FileUserName", source.fileName());
      text("FileFullPath", source.fileFullPath());
    }
    links.insertTail(space.symbol("CmpHiveListHead"), hive.address("HiveList"));
  }

  private void text(String field, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_16LE);
    PoolBlock block =
        paged.allocate(space.facts.tag("hiveName"), bytes.length + 2, PoolBlock.PAGED);
    space.kernel.put(block.body(), bytes);
    hive.unicode(field, bytes.length, block.body());
    texts.add(block);
  }

  /** GPA of the CMHIVE. */
  public long gpa() {
    return space.kernel.translate(va);
  }

  /** VA of the DUAL of a storage. */
  public long dual(int storage) {
    return space.struct("_HHIVE", va).address("Storage")
        + (long) storage * space.facts.size("_DUAL");
  }

  public void writeBaseBlock(
      HiveSource source, int rootCell, int length, int sequence1, int sequence2, long time) {
    Struct base =
        space
            .struct("_HBASE_BLOCK", baseBlock)
            .bytes("Signature", "regf".getBytes(StandardCharsets.US_ASCII))
            .u32("Sequence1", sequence1)
            .u32("Sequence2", sequence2)
            .u64("TimeStamp", time)
            .u32("Major", 1)
            .u32("Minor", source.minorVersion())
            .u32("Format", 1)
            .u32("RootCell", rootCell)
            .u32("Length", length)
            .u32("Cluster", 1);
    if (!source.inMemoryOnly()) {
      byte[] name = source.fileName().getBytes(StandardCharsets.UTF_16LE);
      base.bytes(
          "FileName", Arrays.copyOfRange(name, Math.max(0, name.length - NAME_BYTES), name.length));
    }
    base.u32("CheckSum", 0);
    int sum = 0;
    for (int at = 0; at < CHECKED_BYTES; at += Integer.BYTES) {
      sum ^= (int) space.kernel.getLong(baseBlock + at);
    }
    base.u32("CheckSum", sum);
  }

  public byte[] baseBlock() {
    ByteBuffer bytes = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < PAGE; at += Long.BYTES) {
      bytes.putLong(at, space.kernel.getLong(baseBlock + at));
    }
    return bytes.array();
  }

  public void unlink() {
    links.remove(hive.address("HiveList"));
  }

  public void free() {
    texts.forEach(paged::free);
    big.free(baseBlock, space.facts.size("_HBASE_BLOCK"));
    if (block == null) {
      big.free(va, space.facts.size("_CMHIVE"));
    } else {
      paged.free(block);
    }
  }
}
