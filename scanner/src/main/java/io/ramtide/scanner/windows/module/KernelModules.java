package io.ramtide.scanner.windows.module;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestList;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.ModuleMap;
import io.ramtide.scanner.windows.kernel.Kernel;
import io.ramtide.scanner.windows.object.PoolObject;
import io.ramtide.scanner.windows.object.PoolObjects;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** The modules of a guest's kernel, by list and by scan, and what is missing of them. */
public final class KernelModules {
  /** Loader entries that are taken from the list, and from the pool; a guest has some hundreds. */
  static final int MAX_MODULES = 1 << 12;

  /** Name of the kernel's own module, if no loader entry tells it. */
  static final String KERNEL = "ntoskrnl.exe";

  private final Guest guest;

  /** By the VA of the loader entry. */
  private final Map<Long, KernelModule> modules = new LinkedHashMap<>();

  private final Set<Long> listed = new LinkedHashSet<>();
  private final Set<Long> scanned = new LinkedHashSet<>();
  private final List<String> troubles = new ArrayList<>();
  private boolean isComplete;
  private final ModuleMap map;

  private KernelModules(Guest guest) {
    this.guest = guest;
    Map<Long, KernelModule> inPool = scan();
    OptionalLong head = ModuleListHead.find(guest, inPool.values());
    if (head.isPresent()) {
      readList(head.getAsLong());
    } else {
      troubles.add("nothing names PsLoadedModuleList: no symbols, no debugger block");
    }
    inPool.forEach(this::addScanned);
    this.map = mapOf(guest.kernel());
  }

  /** Those of a guest, read once. */
  public static KernelModules of(Guest guest) {
    return guest.once(KernelModules.class, KernelModules::new);
  }

  private Map<Long, KernelModule> scan() {
    Map<Long, KernelModule> found = new LinkedHashMap<>();
    troubles.addAll(PoolObjects.of(guest).gaps("kernelModule"));
    for (PoolObject block : PoolObjects.of(guest).inUse("kernelModule")) {
      if (found.size() == MAX_MODULES) {
        troubles.add("more than %d loader entries in the pool".formatted(MAX_MODULES));
        break;
      }
      KernelModule.at(guest, block.va())
          .filter(KernelModule::isPlausible)
          .ifPresent(module -> found.put(block.va(), module));
    }
    return found;
  }

  private void readList(long head) {
    GuestList list = GuestList.walk(guest, head, MAX_MODULES);
    isComplete = list.isComplete();
    list.trouble().ifPresent(why -> troubles.add("PsLoadedModuleList: " + why));
    for (long links : list.entries()) {
      KernelModule.atLinks(guest, links)
          .ifPresentOrElse(
              module -> {
                modules.put(module.entry().va(), module);
                listed.add(module.entry().va());
              },
              () -> {
                isComplete = false;
                troubles.add("the loader entry at 0x%x names no kernel image".formatted(links));
              });
    }
  }

  private void addScanned(long va, KernelModule module) {
    scanned.add(va);
    modules.putIfAbsent(va, module);
    // Beyond a gap in the list its neighbours tell whether an entry is on it.
    if (!isComplete && module.isLinked()) {
      listed.add(va);
    }
  }

  private ModuleMap mapOf(Kernel kernel) {
    List<ModuleMap.Range> ranges = new ArrayList<>();
    boolean hasKernel = false;
    for (KernelModule module : modules.values()) {
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

  /** The modules: those of PsLoadedModuleList in its order, then those that only the scan found. */
  public List<KernelModule> modules() {
    return List.copyOf(modules.values());
  }

  /** Whether a module is on PsLoadedModuleList. */
  public boolean isListed(KernelModule module) {
    return listed.contains(module.entry().va());
  }

  /** Whether a module's loader entry is in the pool under its tag. */
  public boolean isScanned(KernelModule module) {
    return scanned.contains(module.entry().va());
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
