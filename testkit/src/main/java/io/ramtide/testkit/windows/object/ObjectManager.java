package io.ramtide.testkit.windows.object;

import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Struct;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.pool.PoolBlock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Objects in the pool: optional headers, then OBJECT_HEADER, then the body. The optional headers
 * lie below the object header in the order of their InfoMask bits: the lowest bit's is the nearest.
 */
public final class ObjectManager {

  private static final List<String> OPTIONAL =
      List.of("CREATOR_INFO", "NAME_INFO", "HANDLE_INFO", "QUOTA_INFO", "PROCESS_INFO");
  private static final int NAME_INFO = 0x02; // bits of OBJECT_HEADER.InfoMask
  private static final int QUOTA_INFO = 0x08;
  private static final int FIRST_TYPE = 2;
  private static final Set<String> PAGED =
      Set.of("Token", "SymbolicLink", "Directory", "Section", "Key");

  private final KernelSpace space;
  private final Pool nonPaged;
  private final Pool paged;
  private final List<String> types;
  private final int headerSize;
  private final int cookie;
  private final Map<Long, List<Runnable>> attached = new HashMap<>();

  public ObjectManager(KernelSpace space, Pool nonPaged, Pool paged, Random random) {
    this.space = space;
    this.nonPaged = nonPaged;
    this.paged = paged;
    types = space.facts.release().texts("/objectTypes");
    headerSize = space.facts.offset("_OBJECT_HEADER", "Body");
    cookie = space.facts.release().flag("/encodedTypeIndex") ? 1 + random.nextInt(255) : 0;
  }

  /** Writes the type objects, their table, and the table of optional headers' offsets. */
  public void writeTypes() {
    long table = space.symbol("ObTypeIndexTable");
    space.kernel.putLong(table + 8, 0xbad0b0b0L); // what Windows has there
    for (String name : types) {
      int index = typeIndex(name);
      byte[] text = name.getBytes(StandardCharsets.UTF_16LE);
      int size = space.facts.size("_OBJECT_TYPE");
      KernelObject type = create("Type", size + text.length + 2);
      space.kernel.put(type.va() + size, text);
      space
          .struct("_OBJECT_TYPE", type.va())
          .list("TypeList")
          .unicode("Name", text.length, type.va() + size)
          .u8("Index", index);
      space.kernel.putLong(table + 8L * index, type.va());
    }
    putTypePointer("PsProcessType", "Process");
    putTypePointer("PsThreadType", "Thread");
    putTypePointer("SeTokenObjectType", "Token");
    putTypePointer("IoFileObjectType", "File");
    putTypePointer("IoDriverObjectType", "Driver");
    putTypePointer("ExMutantObjectType", "Mutant");
    if (space.facts.hasSymbol("ObHeaderCookie")) {
      space.kernel.putByte(space.symbol("ObHeaderCookie"), cookie);
    }
    for (int mask = 0; mask < 1 << OPTIONAL.size(); mask++) {
      space.kernel.putByte(space.symbol("ObpInfoMaskToOffset") + mask, prefix(mask));
    }
  }

  private void putTypePointer(String symbol, String type) {
    if (space.facts.hasSymbol(symbol)) {
      long slot = space.symbol("ObTypeIndexTable") + 8L * typeIndex(type);
      space.kernel.putLong(space.symbol(symbol), space.kernel.getLong(slot));
    }
  }

  private int typeIndex(String type) {
    int at = types.indexOf(type);
    if (at < 0) {
      throw new IllegalArgumentException("this Windows has no object type " + type);
    }
    return FIRST_TYPE + at;
  }

  /** An object with quota information before its header, its body zero. */
  public KernelObject create(String type, int bodySize) {
    int size = prefix(QUOTA_INFO) + headerSize + bodySize;
    return finish(pool(type).allocate(tag(type), size, poolType(type)), type, QUOTA_INFO);
  }

  /**
   * An object with a name before its header; a directory has to be told of it besides.
   *
   * @param directory VA of the directory it is in, 0 for the root
   */
  KernelObject createNamed(String type, int bodySize, long directory, String name) {
    int mask = NAME_INFO | (type.equals("Directory") ? 0 : QUOTA_INFO);
    int size = prefix(mask) + headerSize + bodySize;
    KernelObject object = finish(pool(type).allocate(tag(type), size, poolType(type)), type, mask);
    long info = object.va() - headerSize - prefix(NAME_INFO);
    byte[] text = name.getBytes(StandardCharsets.UTF_16LE);
    Struct nameInfo = space.struct("_OBJECT_HEADER_NAME_INFO", info).u64("Directory", directory);
    if (text.length > 0) {
      nameInfo.unicode("Name", text.length, text(object, "name", text));
    }
    return object;
  }

  /**
   * Bytes in a paged block of their own, ended by two zeroes; their VA. The block is given back
   * with the object.
   */
  public long text(KernelObject object, String tag, byte[] bytes) {
    byte[] terminated = Arrays.copyOf(bytes, bytes.length + 2);
    PoolBlock block = paged.allocate(space.facts.tag(tag), terminated.length, PoolBlock.PAGED);
    space.kernel.put(block.body(), terminated);
    attach(object, paged, block);
    return block.body();
  }

  /** Has a block given back together with an object. */
  void attach(KernelObject object, Pool pool, PoolBlock block) {
    attached.computeIfAbsent(object.va(), va -> new ArrayList<>()).add(() -> pool.free(block));
  }

  /** An object that starts at a multiple of 64, as processes and threads do on Windows 10. */
  public KernelObject createAligned(String type, int bodySize) {
    int before = prefix(QUOTA_INFO) + headerSize;
    return finish(
        nonPaged.allocateAligned(
            tag(type), before + bodySize, PoolBlock.NON_PAGED, 64, 64 - before % 64),
        type,
        QUOTA_INFO);
  }

  /** An object whose body lies in two frames that are not neighbours. */
  public KernelObject createCrossing(String type, int bodySize) {
    int before = prefix(QUOTA_INFO) + headerSize;
    return finish(
        nonPaged.allocateCrossing(
            tag(type), before + bodySize, PoolBlock.NON_PAGED, 64, 64 - before % 64),
        type,
        QUOTA_INFO);
  }

  public void free(KernelObject object) {
    attached.getOrDefault(object.va(), List.of()).forEach(Runnable::run);
    attached.remove(object.va());
    pool(object.type()).free(object.block());
  }

  /** VA of an object's header, which handles refer to. */
  long header(long objectVa) {
    return objectVa - headerSize;
  }

  private Pool pool(String type) {
    return PAGED.contains(type) ? paged : nonPaged;
  }

  private static int poolType(String type) {
    return PAGED.contains(type) ? PoolBlock.PAGED : PoolBlock.NON_PAGED;
  }

  private byte[] tag(String type) {
    return space.facts.tag(
        switch (type) {
          case "Type" -> "objectType";
          case "ALPC Port" -> "alpcPort";
          default -> Character.toLowerCase(type.charAt(0)) + type.substring(1);
        });
  }

  private int prefix(int mask) {
    int size = 0;
    for (int bit = 0; bit < OPTIONAL.size(); bit++) {
      if ((mask & 1 << bit) != 0) {
        size += space.facts.size("_OBJECT_HEADER_" + OPTIONAL.get(bit));
      }
    }
    return size;
  }

  private KernelObject finish(PoolBlock block, String type, int mask) {
    int prefix = prefix(mask);
    long va = block.body() + prefix + headerSize;
    long header = header(va);
    int number = typeIndex(type);
    int index =
        space.facts.release().flag("/encodedTypeIndex")
            ? number ^ cookie ^ ((int) (header >>> 8) & 0xff)
            : number;
    space
        .struct("_OBJECT_HEADER", header)
        .u64("PointerCount", 24)
        .u64("HandleCount", 5)
        .u8("TypeIndex", index)
        .u8("InfoMask", mask)
        .u64("QuotaBlockCharged", space.imageVa + space.facts.imageSize() - 0x1000)
        .u64("SecurityDescriptor", space.pagedPool + 0x6d5);
    if ((mask & QUOTA_INFO) != 0) {
      space.kernel.putInt(block.body(), 0x1000);
      space.kernel.putInt(block.body() + 4, block.size() - PoolBlock.HEADER - prefix - headerSize);
    }
    return new KernelObject(type, block, va);
  }
}
