package io.ramtide.scanner.windows.module;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestList;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.ModuleMap;
import io.ramtide.scanner.windows.kernel.Kernel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The modules of a guest's kernel, and what is to be said of those that are missing. */
public final class KernelModules {
  /** Entries of the list that are taken; a guest loads some hundreds. */
  static final int MAX_MODULES = 1 << 12;

  /** Name of the kernel's own module, if no loader entry tells it. */
  static final String KERNEL = "ntoskrnl.exe";

  private final Map<Long, KernelModule> listed = new LinkedHashMap<>();
  private final List<String> troubles = new ArrayList<>();
  private boolean isComplete;
  private ModuleMap map;

  private KernelModules() {}

  /** Reads them once for a guest. */
  public static KernelModules of(Guest guest) {
    return guest.once(KernelModules.class, KernelModules::read);
  }

  private static KernelModules read(Guest guest) {
    KernelModules modules = new KernelModules();
    OptionalLong head = ModuleListHead.find(guest);
    if (head.isPresent()) {
      modules.readList(guest, head.getAsLong());
    } else {
      modules.troubles.add(
          "PsLoadedModuleList is not known: no symbols of this kernel, no debugger block");
    }
    modules.map = modules.mapOf(guest.kernel());
    return modules;
  }

  private void readList(Guest guest, long head) {
    GuestList list = GuestList.walk(guest, head, MAX_MODULES);
    isComplete = list.isComplete();
    list.trouble().ifPresent(why -> troubles.add("PsLoadedModuleList: " + why));
    for (long links : list.entries()) {
      Optional<KernelModule> module = KernelModule.atLinks(guest, links);
      if (module.isPresent()) {
        listed.put(module.get().entry().va(), module.get());
      } else {
        isComplete = false;
        troubles.add("the loader entry at 0x%x names no kernel image".formatted(links));
      }
    }
  }

  private ModuleMap mapOf(Kernel kernel) {
    List<ModuleMap.Range> ranges = new ArrayList<>();
    boolean hasKernel = false;
    for (KernelModule module : listed.values()) {
      hasKernel |= module.base() == kernel.base();
      if (module.size().isPresent()) {
        ranges.add(new ModuleMap.Range(module.base(), module.size().getAsLong(), module.name()));
      } else {
        isComplete = false;
        troubles.add("the size of the module at 0x%x is not known".formatted(module.base()));
      }
    }
    if (!hasKernel) {
      ranges.add(new ModuleMap.Range(kernel.base(), kernel.size(), GuestText.of(KERNEL)));
    }
    return new ModuleMap(ranges, isComplete);
  }

  /** The modules of PsLoadedModuleList, in its order, by the VA of their loader entries. */
  Map<Long, KernelModule> listed() {
    return listed;
  }

  /** Which module an address lies in. */
  public ModuleMap map() {
    return map;
  }

  /** What could not be read, for people; empty if nothing is missing. */
  public List<String> troubles() {
    return List.copyOf(troubles);
  }
}
