package io.ramtide.testkit.windows.user;

import io.ramtide.testkit.truth.ModuleTruth;
import io.ramtide.testkit.windows.section.Section;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * PEB_LDR_DATA and the entries on its three lists, as the native and the 32-bit loader have them.
 */
final class Loader {

  /**
   * What a loader has loaded.
   *
   * @param notLoad taken off the list in load order
   */
  record Module(String path, Section section, boolean notLoad, boolean notMemory, boolean notInit) {
    Module(String path, Section section) {
      this(path, section, false, false, false);
    }

    Module hidden(boolean fromLoad, boolean fromMemory, boolean fromInit) {
      return new Module(path, section, fromLoad, fromMemory, fromInit);
    }
  }

  private static final int PAGES = 3;
  private static final int ENTRY_POINT = 0x1200;
  private static final String ENTRY = "_LDR_DATA_TABLE_ENTRY";

  private final UserSpace user;
  private final LoaderLayout layout;
  private final List<ModuleTruth> truth = new ArrayList<>();
  private long next;

  Loader(UserSpace user, LoaderLayout layout, List<Module> modules, String lastNameState) {
    this.user = user;
    this.layout = layout;
    long data = layout.dataVa();
    user.map(data, PAGES);
    user.region(data, PAGES + 1, Region.Protection.PAGE_READWRITE);
    user.memory.putInt(data, layout.at("_PEB_LDR_DATA", "size"));
    user.memory.putByte(data + layout.at("_PEB_LDR_DATA", "Initialized"), 1);
    for (String list : List.of("Load", "Memory", "Initialization")) {
      initialise(data + layout.at("_PEB_LDR_DATA", "In" + list + "OrderModuleList"));
    }
    next = data + (layout.at("_PEB_LDR_DATA", "size") + 15 & -16);
    for (int i = 0; i < modules.size(); i++) {
      boolean last = i == modules.size() - 1;
      entry(modules.get(i), i == 0, last ? lastNameState : "valid");
    }
  }

  private void entry(Module module, boolean program, String nameState) {
    long va = next;
    next += layout.at(ENTRY, "size") + 15 & -16;
    byte[] path = module.path().getBytes(StandardCharsets.UTF_16LE);
    String name = module.path().substring(module.path().lastIndexOf('\\') + 1);
    long text = text(path, nameState);
    Section section = module.section();
    pointer(va + layout.at(ENTRY, "DllBase"), section.base());
    pointer(va + layout.at(ENTRY, "EntryPoint"), section.base() + ENTRY_POINT);
    user.memory.putInt(va + layout.at(ENTRY, "SizeOfImage"), section.pages() << 12);
    unicode(va + layout.at(ENTRY, "FullDllName"), path.length, text);
    int nameBytes = 2 * name.length();
    unicode(va + layout.at(ENTRY, "BaseDllName"), nameBytes, text + path.length - nameBytes);
    boolean load = !module.notLoad();
    boolean memory = !module.notMemory();
    boolean init = !module.notInit() && !program;
    insert("Load", va, load);
    insert("Memory", va, memory);
    insert("Initialization", va, init);
    boolean gone = nameState.equals("pagefile");
    boolean listed = load || memory || init;
    truth.add(
        new ModuleTruth(
            user.pid,
            gone || !listed ? null : name,
            gone ? "paged out" : null,
            gone || !listed ? null : module.path(),
            section.base(),
            (long) section.pages() << 12,
            listed ? section.base() + ENTRY_POINT : 0,
            layout.pointer() == 4,
            load,
            init,
            memory,
            section.path()));
  }

  /** Puts a text behind the entries, or for one that is not valid into a page of its own. */
  private long text(byte[] path, String state) {
    if (state.equals("valid")) {
      long at = next;
      user.memory.put(at, path);
      next += path.length + 2 + 15 & -16;
      return at;
    }
    long page = layout.dataVa() + 0x1000L * PAGES;
    user.map(page);
    user.memory.putLong(page, page);
    user.memory.put(page + 16, path);
    if (state.equals("transition")) {
      user.trim(page);
    } else {
      user.pageOut(page, 1, 0x4321 + user.pid);
    }
    return page + 16;
  }

  private void insert(String list, long entry, boolean listed) {
    long links = entry + layout.at(ENTRY, "In" + list + "OrderLinks");
    initialise(links);
    if (listed) {
      long head = layout.dataVa() + layout.at("_PEB_LDR_DATA", "In" + list + "OrderModuleList");
      long last = read(head + layout.pointer());
      pointer(links, head);
      pointer(links + layout.pointer(), last);
      pointer(last, links);
      pointer(head + layout.pointer(), links);
    }
  }

  private void initialise(long links) {
    pointer(links, links);
    pointer(links + layout.pointer(), links);
  }

  private void unicode(long at, int bytes, long text) {
    user.memory.putShort(at, bytes);
    user.memory.putShort(at + 2, bytes + 2);
    pointer(at + layout.pointer(), text);
  }

  private void pointer(long at, long value) {
    if (layout.pointer() == 8) {
      user.memory.putLong(at, value);
    } else {
      user.memory.putInt(at, (int) value);
    }
  }

  private long read(long at) {
    return layout.pointer() == 8 ? user.memory.getLong(at) : user.memory.getLong(at) & 0xffffffffL;
  }

  long va() {
    return layout.dataVa();
  }

  List<ModuleTruth> truth() {
    return List.copyOf(truth);
  }
}
