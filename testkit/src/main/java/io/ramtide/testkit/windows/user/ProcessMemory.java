package io.ramtide.testkit.windows.user;

import io.ramtide.testkit.truth.ModuleTruth;
import io.ramtide.testkit.truth.PageTruth;
import io.ramtide.testkit.truth.VadTruth;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Struct;
import io.ramtide.testkit.windows.image.PeHeader;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.pool.PoolBlock;
import io.ramtide.testkit.windows.section.Sections;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The user memory of a process that runs a program: PEB, parameters, modules, heap, stacks, TEBs,
 * and a region with a page in every state.
 */
public final class ProcessMemory {

  private static final long HEAP = 0x2c0000L;
  private static final int HEAP_PAGES = 6;
  private static final int ABSENT_PAGES = 5;
  private static final long STACKS = 0x400000L;
  private static final long PLANTED = 0x1a0000L;
  private static final int TEB_STEP = 0x2000;

  private final KernelSpace space;
  private final UserSpace user;
  private final VadTree vads;
  private final Program program;
  private final Parameters parameters;
  private final LoadedImages images;
  private final List<Long> heap = new ArrayList<>();
  private final long peb;
  private int tebs;

  public ProcessMemory(
      KernelSpace space,
      Sections sections,
      Pool nonPaged,
      Pool paged,
      Program program,
      Random random) {
    this.space = space;
    this.program = program;
    user = new UserSpace(space, program.pid());
    vads = new VadTree(space, nonPaged, program.pid());
    peb = space.facts.release().number("/peb");
    long prototype = 0;
    if (Paging.usesPrototype(program.imageName())) {
      PoolBlock shared = paged.allocate(space.facts.tag("prototypes"), 64, PoolBlock.PAGED);
      prototype = shared.body();
    }
    user.mapSharedData();
    user.map(peb);
    user.region(peb, 1, Region.Protection.PAGE_READWRITE);
    heap(random);
    parameters = new Parameters(user, program, prototype);
    images = new LoadedImages(user, sections, program);
    writePeb();
    if (program.intruded()) {
      plant(random);
    }
  }

  private void writePeb() {
    var release = space.facts.release();
    user.struct("_PEB", peb)
        .u64("ImageBaseAddress", imageBase())
        .u64("Ldr", images.loaderData())
        .u64("ProcessParameters", parameters.va())
        .u32("SessionId", program.session())
        .u32("NumberOfProcessors", 1)
        .u32("OSMajorVersion", (int) release.number("/majorVersion"))
        .u32("OSMinorVersion", (int) release.number("/minorVersion"))
        .u16("OSBuildNumber", space.facts.build());
  }

  private void heap(Random random) {
    user.region(HEAP, HEAP_PAGES + ABSENT_PAGES, Region.Protection.PAGE_READWRITE);
    for (int i = 0; i < HEAP_PAGES; i++) {
      long va = HEAP + 4096L * i;
      long gpa = user.map(va);
      heap.add(gpa);
      byte[] content = new byte[512 + random.nextInt(3000)];
      random.nextBytes(content);
      user.memory.put(va, content);
      user.memory.putLong(va, va);
      user.page(va, "valid", gpa);
    }
    long va = HEAP + 4096L * HEAP_PAGES;
    user.map(va);
    byte[] content = new byte[1024];
    random.nextBytes(content);
    user.memory.put(va, content);
    user.memory.putLong(va, va);
    user.trim(va);
    user.pagedOut(va + 0x1000, 0, 1 + random.nextInt(0xffff));
    user.pagedOut(va + 0x2000, 1, 1 + random.nextInt(0xffff));
    user.untouched(va + 0x3000);
  }

  /** Code that belongs to no file: an image and a piece of shell code. */
  private void plant(Random random) {
    byte[] image = new byte[4096];
    random.nextBytes(image);
    byte[] header = PeHeader.bytes(PLANTED, 0x8000, 0x1000, true);
    System.arraycopy(header, 0, image, 0, header.length);
    user.planted(PLANTED, 8, true, image);
    byte[] code = new byte[600];
    random.nextBytes(code);
    byte[] start = {
      0x40, 0x53, 0x48, (byte) 0x83, (byte) 0xec, 0x20, 0x48, (byte) 0x8b, (byte) 0xd9
    };
    System.arraycopy(start, 0, code, 0, start.length);
    user.planted(PLANTED + 0x20000, 2, false, code);
  }

  /** A stack and a TEB for a thread; the TEB's VA. */
  public long addThread(int tid) {
    boolean below = space.facts.release().flag("/kernelIsIdentityMapped"); // Windows 7
    int step = TEB_STEP * (1 + tebs);
    long teb = below ? peb - step : peb + step;
    long stack = STACKS + 0x20000L * tebs++;
    user.map(teb);
    user.region(teb, 2, Region.Protection.PAGE_READWRITE);
    user.map(stack + 0xf000);
    user.region(stack, 16, Region.Protection.PAGE_READWRITE);
    user.struct("_TEB", teb)
        .u64("NtTib.StackBase", stack + 0x10000)
        .u64("NtTib.StackLimit", stack + 0xe000)
        .u64("NtTib.Self", teb)
        .u64("ClientId", program.pid())
        .u64("ProcessEnvironmentBlock", peb);
    user.memory.putLong(user.struct("_TEB", teb).address("ClientId") + 8, tid);
    return teb;
  }

  /** Ends the set-up: page table root for user mode, regions, pointers in the EPROCESS. */
  public void finish(long eprocess) {
    user.split();
    vads.write(eprocess, user.regions());
    Struct process = space.struct("_EPROCESS", eprocess);
    process
        .u64("Peb", peb)
        .u64("SectionBaseAddress", imageBase())
        .u64("SectionObject", images.program().sectionVa())
        .u64IfPresent("ImageFilePointer", images.program().fileVa());
    space
        .struct("_KPROCESS", eprocess)
        .u64IfPresent("UserDirectoryTableBase", user.userDirectoryTableBaseField());
  }

  public long root() {
    return user.root();
  }

  public long peb() {
    return peb;
  }

  public long imageBase() {
    return images.program().base();
  }

  /** Path of the image on its volume. */
  public String imageFile() {
    return images.program().path();
  }

  /** VA of the 32-bit PEB, 0 for a 64-bit program. */
  public long peb32() {
    return images.peb32();
  }

  /** Where the code of module number n begins, 0 being the program; and that module's name. */
  public ModuleTruth module(int number) {
    return images.truth().get(Math.min(number, images.truth().size() - 1));
  }

  /** VA of the planted code, 0 without. */
  public long planted() {
    return program.intruded() ? PLANTED + 0x20000 : 0;
  }

  public Program program() {
    return program;
  }

  /** Why the command line cannot be read from RAM; null if it can. */
  public String commandLineStatus() {
    return parameters.commandLineStatus();
  }

  public List<ModuleTruth> modules() {
    return images.truth();
  }

  public List<VadTruth> vads() {
    return vads.truth();
  }

  public List<PageTruth> pages() {
    return user.pages();
  }

  /** Rewrites a data page, as a running program does. */
  public void churn(Random random) {
    if (!heap.isEmpty()) {
      byte[] content = new byte[256];
      random.nextBytes(content);
      int at = 256 * (1 + random.nextInt(14));
      space.ram.put(heap.get(random.nextInt(heap.size())) + at, content);
    }
  }

  /** Deletes the user half, as the end of a process does. */
  public void end(long eprocess) {
    vads.free(eprocess);
    user.clear();
    heap.clear();
  }

  /** Gives the page table root back. */
  public void free() {
    user.free();
  }
}
