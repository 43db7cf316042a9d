package io.ramtide.testkit.windows.user;

import io.ramtide.testkit.windows.JsonFacts;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Struct;
import io.ramtide.testkit.x64.AddressSpace;
import io.ramtide.testkit.x64.PageTables;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The address space of a process: the shared kernel half, and a small user half. */
public final class UserSpace {

  private static final long SHARED_DATA_USER = 0x7ffe0000L;
  private static final long PARAMETERS = 0x1f0000L;
  private static final long HEAP = 0x2c0000L;
  private static final int HEAP_PAGES = 6;
  private static final int TABLE_BYTES = 4096;

  private final KernelSpace space;
  private final AddressSpace memory;
  private final List<Long> heap = new ArrayList<>();
  private final List<Long> owned = new ArrayList<>();
  private long userRoot;

  private UserSpace(KernelSpace space, AddressSpace memory) {
    this.space = space;
    this.memory = memory;
  }

  /** The system's own: no user half. */
  public static UserSpace system(KernelSpace space) {
    return new UserSpace(space, space.kernel);
  }

  public static UserSpace create(KernelSpace space, String path, Random random) {
    long root = space.frames.allocate();
    space.ram.put(
        root + TABLE_BYTES / 2, space.ram.get(space.root + TABLE_BYTES / 2, TABLE_BYTES / 2));
    space.ram.putLong(root + 8L * space.selfMapIndex, KernelSpace.selfMapEntry(root));
    UserSpace user = new UserSpace(space, new AddressSpace(space.ram, space.tables, root));
    user.owned.add(root);
    user.populate(path, random);
    if (space.facts.release().number("/pcid") != 0) {
      user.userRoot = user.frame();
      space.ram.put(user.userRoot, space.ram.get(root, TABLE_BYTES / 2));
    }
    return user;
  }

  /** Guest-physical address of the PML4. */
  public long root() {
    return memory.root();
  }

  /**
   * What KPROCESS.DirectoryTableBase holds: the root, and where page tables are split, the PCID.
   */
  public long directoryTableBaseField() {
    return root() | space.facts.release().number("/pcid");
  }

  /** What KPROCESS.UserDirectoryTableBase holds; 0 where page tables are not split. */
  public long userDirectoryTableBaseField() {
    return userRoot == 0 ? 0 : userRoot | 1;
  }

  public long peb() {
    return owned.isEmpty() ? 0 : space.facts.release().number("/peb");
  }

  public long image() {
    return owned.isEmpty() ? 0 : space.facts.release().number("/image");
  }

  /** Rewrites a data page, as a running program does. */
  public void churn(Random random) {
    if (!heap.isEmpty()) {
      byte[] content = new byte[256];
      random.nextBytes(content);
      space.ram.put(heap.get(random.nextInt(heap.size())) + 256L * random.nextInt(15), content);
    }
  }

  /** Gives the frames back; their content stays until they are used again. */
  public void free() {
    space.tables.userTables(root()).forEach(space.frames::free);
    owned.forEach(space.frames::free);
    heap.clear();
  }

  private void populate(String path, Random random) {
    map(peb());
    map(PARAMETERS);
    map(image());
    space.tables.map(
        root(),
        SHARED_DATA_USER,
        space.kernel.translate(KernelSpace.SHARED_USER_DATA),
        PageTables.VALID | PageTables.USER | PageTables.ACCESSED | PageTables.NO_EXECUTE);
    for (int i = 0; i < HEAP_PAGES; i++) {
      heap.add(map(HEAP + 4096L * i));
      byte[] content = new byte[512 + random.nextInt(3000)];
      random.nextBytes(content);
      memory.put(HEAP + 4096L * i, content);
    }
    absentPages(random);
    memory.put(image(), new byte[] {'M', 'Z', (byte) 0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0, -1, -1});
    JsonFacts release = space.facts.release();
    new Struct(space.facts, memory, "_PEB", peb())
        .u64("ImageBaseAddress", image())
        .u64("ProcessParameters", PARAMETERS)
        .u32("OSMajorVersion", (int) release.number("/majorVersion"))
        .u32("OSMinorVersion", (int) release.number("/minorVersion"))
        .u16("OSBuildNumber", space.facts.build());
    int size = space.facts.size("_RTL_USER_PROCESS_PARAMETERS");
    byte[] text = path.getBytes(StandardCharsets.UTF_16LE);
    memory.put(PARAMETERS + size, text);
    new Struct(space.facts, memory, "_RTL_USER_PROCESS_PARAMETERS", PARAMETERS)
        .u32("MaximumLength", size)
        .u32("Length", size)
        .u32("Flags", 1) // normalized: the strings hold addresses
        .unicode("ImagePathName", text.length, PARAMETERS + size)
        .unicode("CommandLine", text.length, PARAMETERS + size);
  }

  /** Pages that are not valid: in transition, in the page file, demand-zero. */
  private void absentPages(Random random) {
    long va = HEAP + 4096L * HEAP_PAGES;
    long standby = frame();
    byte[] content = new byte[1024];
    random.nextBytes(content);
    space.ram.put(standby, content);
    space.tables.putEntry(root(), va, standby | 1L << 11 | 4L << 5);
    space.tables.putEntry(root(), va + 4096, (long) (1 + random.nextInt(0xffff)) << 32 | 4L << 5);
    space.tables.putEntry(root(), va + 8192, 4L << 5);
  }

  private long map(long va) {
    long gpa = frame();
    space.tables.map(root(), va, gpa, PageTables.USER_DATA);
    return gpa;
  }

  private long frame() {
    long gpa = space.frames.allocate();
    owned.add(gpa);
    return gpa;
  }
}
