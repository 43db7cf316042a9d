package io.ramtide.testkit.windows.user;

import io.ramtide.testkit.truth.PageTruth;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Struct;
import io.ramtide.testkit.windows.section.Entries;
import io.ramtide.testkit.windows.section.Section;
import io.ramtide.testkit.x64.AddressSpace;
import io.ramtide.testkit.x64.PageTables;
import java.util.ArrayList;
import java.util.List;

/** The address space of a process: the shared kernel half, and a user half of pages and regions. */
final class UserSpace {

  private static final long SHARED_DATA_USER = 0x7ffe0000L;
  private static final int TABLE_BYTES = 4096;
  private static final int VALID_IMAGE_PAGES = 2; // of those in RAM; the others by their prototypes

  final KernelSpace space;
  final AddressSpace memory;
  final int pid;
  private final Entries entries;
  private final List<Region> regions = new ArrayList<>();
  private final List<Long> owned = new ArrayList<>();
  private final List<PageTruth> pages = new ArrayList<>();
  private long userRoot;

  UserSpace(KernelSpace space, int pid) {
    this.space = space;
    this.pid = pid;
    entries = new Entries(space);
    memory = new AddressSpace(space.ram, space.tables, space.newRoot());
  }

  /** Maps the page that every process shares with the kernel. */
  void mapSharedData() {
    space.tables.map(
        memory.root(),
        SHARED_DATA_USER,
        space.kernel.translate(KernelSpace.SHARED_USER_DATA),
        PageTables.VALID | PageTables.USER | PageTables.ACCESSED | PageTables.NO_EXECUTE);
    region(SHARED_DATA_USER, 1, Region.Protection.PAGE_READONLY);
  }

  /** Gives the process its root for user mode, where page tables are split. */
  void split() {
    if (space.facts.release().number("/pcid") != 0) {
      userRoot = frame();
      space.ram.put(userRoot, space.ram.get(memory.root(), TABLE_BYTES / 2));
    }
  }

  long root() {
    return memory.root();
  }

  /** What KPROCESS.UserDirectoryTableBase holds; 0 where page tables are not split. */
  long userDirectoryTableBaseField() {
    return userRoot == 0 ? 0 : userRoot | 1;
  }

  /** A private region; its pages are not there yet. */
  Region region(long va, int count, Region.Protection protection) {
    return add(new Region(va, count, protection, null, count, false));
  }

  /** A private, executable region that begins with a PE header or with code. */
  void planted(long va, int count, boolean mz, byte[] content) {
    map(va);
    memory.put(va, content);
    add(new Region(va, count, Region.Protection.PAGE_EXECUTE_READWRITE, null, count, mz));
  }

  private Region add(Region region) {
    regions.add(region);
    return region;
  }

  /** A private page; its GPA. */
  long map(long va) {
    long gpa = frame();
    space.tables.map(memory.root(), va, gpa, PageTables.USER_DATA);
    return gpa;
  }

  /** Private pages from an address on. */
  void map(long va, int count) {
    for (int i = 0; i < count; i++) {
      map(va + 4096L * i);
    }
  }

  /** Maps a section at an address. */
  void map(Section section, long va, Region.Protection protection) {
    add(new Region(va, section.pages(), protection, section, section.image() ? 4 : 0, false));
    for (int page = 0; page < Math.min(section.frames().size(), section.pages()); page++) {
      long at = va + ((long) page << 12);
      long prototype = section.prototypes() + 8L * page;
      long gpa = section.frames().get(page);
      if (page < VALID_IMAGE_PAGES && gpa != 0) {
        long flags = PageTables.VALID | PageTables.USER | PageTables.ACCESSED;
        boolean code = section.image() && page == 1;
        space.tables.map(memory.root(), at, gpa, code ? flags : flags | PageTables.NO_EXECUTE);
        page(at, "valid", gpa);
      } else {
        boolean last = page == section.frames().size() - 1;
        put(at, last ? entries.vadPrototype() : entries.prototype(prototype));
        page(at, prototypeState(section, page, last), gpa == 0 ? -1 : gpa);
      }
    }
  }

  private static String prototypeState(Section section, int page, boolean last) {
    if (section.path() == null) {
      return "prototypeDemandZero";
    }
    if (last) {
      return "vadPrototype";
    }
    return switch (page) {
      case 3 -> "prototypeTransition";
      case 4 -> "prototypeFile";
      default -> "prototype";
    };
  }

  /** Puts a private page into transition: its content stays in RAM. */
  void trim(long va) {
    long gpa = memory.translate(va);
    put(va, entries.transition(gpa));
    page(va, "transition", gpa);
  }

  /** Puts a private page behind a prototype entry, as shared memory of the page file is. */
  void share(long va, long prototype) {
    long gpa = memory.translate(va);
    space.kernel.putLong(prototype, gpa | (PageTables.USER_DATA & ~PageTables.USER));
    put(va, entries.prototype(prototype));
    page(va, "prototype", gpa);
  }

  /** Writes a private page to the page file: its content is in RAM no more. */
  void pageOut(long va, int file, long offset) {
    long gpa = memory.translate(va);
    owned.remove(gpa);
    space.ram.clearFrame(gpa);
    space.frames.free(gpa);
    absent(va, "pagefile", entries.pageFile(file, offset));
  }

  /** A page that was never touched. */
  void untouched(long va) {
    absent(va, "demandZero", entries.demandZero());
  }

  /** A page that was written to the page file. */
  void pagedOut(long va, int file, long offset) {
    absent(va, "pagefile", entries.pageFile(file, offset));
  }

  private void absent(long va, String state, long entry) {
    put(va, entry);
    page(va, state, -1);
  }

  private void put(long va, long entry) {
    space.tables.putEntry(memory.root(), va, entry);
  }

  /** Says what is true of a page that carries its own address. */
  void page(long va, String state, long gpa) {
    pages.add(new PageTruth(pid, va, state, gpa, space.tables.entry(memory.root(), va)));
  }

  Struct struct(String type, long va) {
    return new Struct(space.facts, memory, type, va);
  }

  List<Region> regions() {
    return regions;
  }

  List<PageTruth> pages() {
    return List.copyOf(pages);
  }

  /** Gives the user half back; the frames' content stays until they are used again. */
  void clear() {
    space.tables.userTables(root()).forEach(space.frames::free);
    space.ram.put(root(), new byte[TABLE_BYTES / 2]);
    owned.forEach(space.frames::free);
    owned.clear();
    regions.clear();
    pages.clear();
  }

  /** Gives the root back. */
  void free() {
    space.frames.free(root());
  }

  private long frame() {
    long gpa = space.frames.allocate();
    owned.add(gpa);
    return gpa;
  }
}
