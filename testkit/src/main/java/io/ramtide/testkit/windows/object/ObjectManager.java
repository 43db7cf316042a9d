package io.ramtide.testkit.windows.object;

import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.pool.PoolBlock;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Object headers and object types: what precedes every process and thread in the pool. */
public final class ObjectManager {

  public static final int PROCESS = 7;
  public static final int THREAD = 8;
  public static final int TOKEN = 5;

  private static final int FIRST_TYPE = 2;
  private static final List<String> TYPES =
      List.of("Type", "Directory", "SymbolicLink", "Token", "Job", "Process", "Thread");
  private static final int QUOTA_INFO = 0x08; // bit of OBJECT_HEADER.InfoMask

  private final KernelSpace space;
  private final Pool pool;
  private final int headerSize;
  private final int prefix;
  private final int cookie;

  public ObjectManager(KernelSpace space, Pool pool, Random random) {
    this.space = space;
    this.pool = pool;
    headerSize = space.facts.offset("_OBJECT_HEADER", "Body");
    prefix = space.facts.size("_OBJECT_HEADER_QUOTA_INFO") + headerSize;
    cookie = space.facts.release().flag("/encodedTypeIndex") ? 1 + random.nextInt(255) : 0;
  }

  public void writeTypes() {
    long table = space.symbol("ObTypeIndexTable");
    space.kernel.putLong(table + 8, 0xbad0b0b0L); // what Windows has there
    for (int i = 0; i < TYPES.size(); i++) {
      int index = FIRST_TYPE + i;
      byte[] name = TYPES.get(i).getBytes(StandardCharsets.UTF_16LE);
      int size = space.facts.size("_OBJECT_TYPE");
      KernelObject type =
          create("objectType", FIRST_TYPE, size + name.length + 2, PoolBlock.NON_PAGED);
      space.kernel.put(type.va() + size, name);
      space
          .struct("_OBJECT_TYPE", type.va())
          .list("TypeList")
          .unicode("Name", name.length, type.va() + size)
          .u8("Index", index);
      space.kernel.putLong(table + 8L * index, type.va());
    }
    putTypePointer("PsProcessType", table + 8 * PROCESS);
    putTypePointer("PsThreadType", table + 8 * THREAD);
    if (space.facts.hasSymbol("ObHeaderCookie")) {
      space.kernel.putByte(space.symbol("ObHeaderCookie"), cookie);
    }
  }

  private void putTypePointer(String symbol, long slot) {
    space.kernel.putLong(space.symbol(symbol), space.kernel.getLong(slot));
  }

  /** An object with quota information before its header, its body zero. */
  public KernelObject create(String tag, int type, int bodySize, int poolType) {
    return finish(pool.allocate(space.facts.tag(tag), prefix + bodySize, poolType), type);
  }

  /** An object that starts at a multiple of 64, as processes and threads do on Windows 10. */
  public KernelObject createAligned(String tag, int type, int bodySize) {
    return finish(
        pool.allocateAligned(
            space.facts.tag(tag), prefix + bodySize, PoolBlock.NON_PAGED, 64, 64 - prefix % 64),
        type);
  }

  /** An object whose body lies in two frames that are not neighbours. */
  public KernelObject createCrossing(String tag, int type, int bodySize) {
    return finish(
        pool.allocateCrossing(
            space.facts.tag(tag), prefix + bodySize, PoolBlock.NON_PAGED, 64, 64 - prefix % 64),
        type);
  }

  public void free(KernelObject object) {
    pool.free(object.block());
  }

  private KernelObject finish(PoolBlock block, int type) {
    long va = block.body() + prefix;
    long header = va - headerSize;
    int index =
        space.facts.release().flag("/encodedTypeIndex")
            ? type ^ cookie ^ ((int) (header >>> 8) & 0xff)
            : type;
    space
        .struct("_OBJECT_HEADER", header)
        .u64("PointerCount", 24)
        .u64("HandleCount", 5)
        .u8("TypeIndex", index)
        .u8("InfoMask", QUOTA_INFO)
        .u64("QuotaBlockCharged", space.imageVa + space.facts.imageSize() - 0x1000)
        .u64("SecurityDescriptor", space.pagedPool + 0x6d5);
    space.kernel.putInt(block.body(), 0x1000);
    space.kernel.putInt(block.body() + 4, bodyCharge(block));
    return new KernelObject(block, va);
  }

  private int bodyCharge(PoolBlock block) {
    return block.size() - PoolBlock.HEADER - prefix;
  }
}
