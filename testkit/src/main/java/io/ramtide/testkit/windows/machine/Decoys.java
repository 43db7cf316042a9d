package io.ramtide.testkit.windows.machine;

import io.ramtide.testkit.ram.WritableRam;
import io.ramtide.testkit.windows.KernelFacts;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.pool.PoolBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Pages with things that look like process objects and are none. */
public final class Decoys {

  /**
   * A decoy in RAM.
   *
   * @param gpa guest-physical address of its pool header, or of its page where there are many
   */
  record Decoy(String kind, long gpa) {}

  private static final int PAGE = WritableRam.FRAME;

  private final KernelSpace space;
  private final Pool pool;
  private final Random random;
  private final long time;
  private final int prefix;
  private final List<Decoy> made = new ArrayList<>();

  public Decoys(KernelSpace space, Pool pool, long time, Random random) {
    this.space = space;
    this.pool = pool;
    this.time = time;
    this.random = random;
    prefix =
        PoolBlock.HEADER
            + space.facts.size("_OBJECT_HEADER_QUOTA_INFO")
            + space.facts.offset("_OBJECT_HEADER", "Body");
  }

  /** Makes each kind twice: in a page the kernel maps, and in one that nobody maps. */
  public List<Decoy> make() {
    for (boolean mapped : new boolean[] {true, false}) {
      object(
          "directory table base zero", mapped, b -> field(b, "_KPROCESS", "DirectoryTableBase", 0));
      object("directory table base garbage", mapped, this::garbageRoot);
      object("size byte wrong", mapped, this::wrongSize);
      object("image name empty", mapped, b -> field(b, "_EPROCESS", "ImageFileName", 0));
      object("overwritten after it was freed", mapped, this::overwrite);
      object("pool block too small", mapped, b -> b.put(2, (byte) 16));
      object("no pool header", mapped, this::headless);
      cutAtPageEnd(mapped);
      page("tags in random data", mapped, taggedNoise());
      page("tags in text", mapped, text());
    }
    return made;
  }

  private interface Damage {
    void to(ByteBuffer block);
  }

  private void object(String kind, boolean mapped, Damage damage) {
    ByteBuffer block = block();
    damage.to(block);
    byte[] page = new byte[PAGE];
    int at = 64 * random.nextInt((PAGE - block.capacity()) / 64);
    block.get(0, page, at, block.capacity());
    made.add(new Decoy(kind, put(mapped, page) + at));
  }

  private void cutAtPageEnd(boolean mapped) {
    byte[] page = new byte[PAGE];
    int kept = (prefix + 0xa0) & -16;
    block().get(0, page, PAGE - kept, kept);
    made.add(new Decoy("cut off at the page end", put(mapped, page) + PAGE - kept));
  }

  private void page(String kind, boolean mapped, byte[] page) {
    made.add(new Decoy(kind, put(mapped, page)));
  }

  private long put(boolean mapped, byte[] page) {
    long gpa = mapped ? space.kernel.translate(pool.allocatePage()) : space.frames.allocate();
    space.ram.put(gpa, page);
    return gpa;
  }

  /** A whole pool block with a process object that would pass, were it not for the damage. */
  private ByteBuffer block() {
    KernelFacts facts = space.facts;
    int size = (prefix + facts.size("_EPROCESS") + 15) & -16;
    ByteBuffer b = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    b.put(2, (byte) (size / PoolBlock.UNIT)).put(3, (byte) PoolBlock.NON_PAGED);
    b.put(4, facts.tag("process"));
    int header = prefix - facts.offset("_OBJECT_HEADER", "Body");
    b.putLong(header, 1).put(header + facts.offset("_OBJECT_HEADER", "InfoMask"), (byte) 8);
    b.put(prefix, (byte) 3);
    b.put(prefix + 2, (byte) facts.release().number("/processHeaderSize"));
    field(b, "_KPROCESS", "DirectoryTableBase", space.frames.allocate());
    field(b, "_EPROCESS", "UniqueProcessId", 4L * (200 + random.nextInt(2000)));
    field(b, "_EPROCESS", "CreateTime", time - random.nextInt(1 << 30));
    field(b, "_EPROCESS", "ThreadListHead", space.nonPagedPool + 0x40);
    b.putLong(at("_EPROCESS", "ThreadListHead") + 8, space.nonPagedPool + 0x40);
    b.put(at("_EPROCESS", "ImageFileName"), "dllhost.exe".getBytes(StandardCharsets.US_ASCII));
    return b;
  }

  private int at(String type, String name) {
    return prefix + space.facts.offset(type, name);
  }

  private void field(ByteBuffer b, String type, String name, long value) {
    b.putLong(at(type, name), value);
  }

  private void garbageRoot(ByteBuffer b) {
    field(b, "_KPROCESS", "DirectoryTableBase", random.nextLong() | 0x7ff0_0000_0000_0ff8L);
    field(b, "_EPROCESS", "ThreadListHead", 0x1234);
  }

  private void wrongSize(ByteBuffer b) {
    b.put(prefix + 2, (byte) 0x33);
    field(b, "_EPROCESS", "UniqueProcessId", 4097);
  }

  private void overwrite(ByteBuffer b) {
    b.put(3, (byte) PoolBlock.FREED);
    int from = at("_EPROCESS", "ThreadListHead");
    b.put(from, new byte[b.capacity() - from]);
  }

  private void headless(ByteBuffer b) {
    b.put(0, new byte[prefix]);
    field(b, "_EPROCESS", "ThreadListHead", 0);
  }

  private byte[] taggedNoise() {
    byte[] page = new byte[PAGE];
    random.nextBytes(page);
    for (int at = 0; at < PAGE; at += 128) {
      System.arraycopy(space.facts.tag("process"), 0, page, at + 4, 4);
      page[at + 2] = (byte) random.nextInt(32); // BlockSize: smaller than any process
    }
    return page;
  }

  private byte[] text() {
    byte[] line = "    Process list: Pro\u00e3 Proc Proc\n".getBytes(StandardCharsets.ISO_8859_1);
    byte[] page = new byte[PAGE];
    for (int at = 0; at < PAGE; at++) {
      page[at] = line[at % line.length];
    }
    return page;
  }
}
