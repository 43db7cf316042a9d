package io.ramtide.testkit.windows.driver;

import io.ramtide.testkit.truth.KernelModuleTruth;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Links;
import io.ramtide.testkit.windows.Struct;
import io.ramtide.testkit.windows.image.PeHeader;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.pool.PoolBlock;
import io.ramtide.testkit.x64.PageTables;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** PsLoadedModuleList: the kernel and some drivers, each with a header page and a page of code. */
public final class KernelModules {

  /** The module that the rootkit takes off the list. */
  public static final String HIDDEN = "updsvc.sys";

  private static final int ENTRY_POINT = 0x1000;

  private record Image(String name, long size) {}

  private static final List<Image> DRIVERS =
      List.of(
          new Image("hal.dll", 0x49000),
          new Image("kdcom.dll", 0xa000),
          new Image("CI.dll", 0xc0000),
          new Image("ACPI.sys", 0x57000),
          new Image("pci.sys", 0x33000),
          new Image("volmgr.sys", 0x15000),
          new Image("disk.sys", 0x16000),
          new Image("Ntfs.sys", 0x1a3000),
          new Image("tcpip.sys", 0x300000),
          new Image("afd.sys", 0x89000),
          new Image("npfs.sys", 0x11000),
          new Image("null.sys", 0x9000),
          new Image("WdFilter.sys", 0x4a000),
          new Image("win32k.sys", 0x310000));

  private final KernelSpace space;
  private final Pool pool;
  private final List<KernelModuleTruth> modules = new ArrayList<>();

  public KernelModules(KernelSpace space, Pool pool) {
    this.space = space;
    this.pool = pool;
  }

  /**
   * Writes the list.
   *
   * @param rootkit whether there is a module besides that is on no list
   */
  public void write(boolean rootkit) {
    new Links(space.kernel).init(space.symbol("PsLoadedModuleList"));
    entry("ntoskrnl.exe", space.imageVa, space.facts.imageSize(), true);
    long base = space.imageVa + (space.facts.imageSize() + 0x1fffff & -0x200000);
    for (Image driver : DRIVERS) {
      base = load(driver, base, true);
    }
    if (rootkit) {
      load(new Image(HIDDEN, 0xc000), base, false);
    }
    space.kernel.putLong(space.symbol("PsNtosImageBase"), space.imageVa);
    space.kernel.putInt(space.symbol("KeNumberProcessors"), 1);
    space.kernel.putInt(
        space.symbol("CmNtCSDVersion"), (int) space.facts.release().number("/servicePack") << 8);
  }

  private long load(Image image, long base, boolean listed) {
    for (int page = 0; page < 2; page++) {
      space.tables.map(
          space.root,
          base + 0x1000L * page,
          space.frames.allocate(),
          page == 0 ? PageTables.KERNEL_DATA : PageTables.KERNEL_IMAGE);
    }
    space.kernel.put(base, PeHeader.bytes(base, image.size(), ENTRY_POINT, true));
    byte[] function = {0x48, (byte) 0x83, (byte) 0xec, 0x28, 0x33, (byte) 0xc0, (byte) 0xc3};
    for (int at = 0; at < 0x1000; at += 0x40) {
      space.kernel.put(base + ENTRY_POINT + at, function);
    }
    entry(image.name(), base, image.size(), listed);
    return base + image.size() + 0x7000;
  }

  private void entry(String name, long base, long imageSize, boolean listed) {
    boolean kernel = name.endsWith(".exe") || name.endsWith(".dll");
    String folder = kernel ? "\\SystemRoot\\system32\\" : "\\SystemRoot\\System32\\drivers\\";
    byte[] path = (folder + name).getBytes(StandardCharsets.UTF_16LE);
    int nameLength = name.length() * 2;
    int size = space.facts.size("_LDR_DATA_TABLE_ENTRY");
    PoolBlock block =
        pool.allocate(space.facts.tag("module"), size + path.length + 2, PoolBlock.NON_PAGED);
    long text = block.body() + size;
    space.kernel.put(text, path);
    Struct entry =
        space
            .struct("_LDR_DATA_TABLE_ENTRY", block.body())
            .u64("DllBase", base)
            .u64("EntryPoint", base + ENTRY_POINT)
            .u32("SizeOfImage", (int) imageSize)
            .u16("LoadCount", 1)
            .unicode("FullDllName", path.length, text)
            .unicode("BaseDllName", nameLength, text + path.length - nameLength)
            .list("InLoadOrderLinks");
    if (listed) {
      new Links(space.kernel)
          .insertTail(space.symbol("PsLoadedModuleList"), entry.address("InLoadOrderLinks"));
    }
    modules.add(
        new KernelModuleTruth(
            name,
            folder + name,
            base,
            imageSize,
            base + ENTRY_POINT,
            listed,
            block.body(),
            space.kernel.translate(block.body())));
  }

  /** The module of a name. */
  KernelModuleTruth module(String name) {
    return modules.stream().filter(module -> module.name().equals(name)).findFirst().orElseThrow();
  }

  /** VA of a function in a module: number 0 is its entry point. */
  public long function(String module, int number) {
    return module(module).baseVa() + ENTRY_POINT + 0x40L * number;
  }

  public List<KernelModuleTruth> truth() {
    return List.copyOf(modules);
  }
}
