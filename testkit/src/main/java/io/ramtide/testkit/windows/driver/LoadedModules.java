package io.ramtide.testkit.windows.driver;

import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Links;
import io.ramtide.testkit.windows.Struct;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.pool.PoolBlock;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** PsLoadedModuleList with the kernel and some drivers; only the kernel's image is in RAM. */
public final class LoadedModules {

  private record Module(String name, long size) {}

  private static final List<Module> DRIVERS =
      List.of(
          new Module("hal.dll", 0x49000),
          new Module("kdcom.dll", 0xa000),
          new Module("CI.dll", 0xc0000),
          new Module("ACPI.sys", 0x57000),
          new Module("pci.sys", 0x33000),
          new Module("volmgr.sys", 0x15000),
          new Module("disk.sys", 0x16000),
          new Module("Ntfs.sys", 0x1a3000),
          new Module("tcpip.sys", 0x1fd000),
          new Module("afd.sys", 0x89000),
          new Module("win32k.sys", 0x310000));

  private final KernelSpace space;
  private final Pool pool;

  public LoadedModules(KernelSpace space, Pool pool) {
    this.space = space;
    this.pool = pool;
  }

  public void write() {
    new Links(space.kernel).init(space.symbol("PsLoadedModuleList"));
    entry("ntoskrnl.exe", space.imageVa, space.facts.imageSize());
    long base = space.imageVa + (space.facts.imageSize() + 0x1fffff & -0x200000);
    for (Module driver : DRIVERS) {
      entry(driver.name(), base, driver.size());
      base += driver.size() + 0x7000;
    }
    space.kernel.putLong(space.symbol("PsNtosImageBase"), space.imageVa);
    space.kernel.putInt(space.symbol("KeNumberProcessors"), 1);
    space.kernel.putInt(
        space.symbol("CmNtCSDVersion"), (int) space.facts.release().number("/servicePack") << 8);
  }

  private void entry(String name, long base, long imageSize) {
    byte[] path = ("\\SystemRoot\\system32\\" + name).getBytes(StandardCharsets.UTF_16LE);
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
            .u64("EntryPoint", base + 0x1000)
            .u32("SizeOfImage", (int) imageSize)
            .unicode("FullDllName", path.length, text)
            .unicode("BaseDllName", nameLength, text + path.length - nameLength);
    new Links(space.kernel)
        .insertTail(space.symbol("PsLoadedModuleList"), entry.address("InLoadOrderLinks"));
  }
}
