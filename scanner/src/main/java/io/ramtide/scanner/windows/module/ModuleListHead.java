package io.ramtide.scanner.windows.module;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestList;
import io.ramtide.scanner.windows.kernel.DebuggerBlock;
import java.util.Collection;
import java.util.OptionalLong;

/** Finds PsLoadedModuleList. */
final class ModuleListHead {
  private ModuleListHead() {}

  /**
   * VA of the list's head: by symbol, else as a debugger block in the clear names it, else as the
   * one place of the kernel's image on the list that the kernel's own loader entry is on.
   *
   * @param scanned loader entries in the pool
   */
  static OptionalLong find(Guest guest, Collection<KernelModule> scanned) {
    OptionalLong head = guest.symbol("PsLoadedModuleList");
    if (head.isEmpty()) {
      head = byDebuggerBlock(guest);
    }
    return head.isPresent() ? head : byKernelsEntry(guest, scanned);
  }

  private static OptionalLong byDebuggerBlock(Guest guest) {
    return DebuggerBlock.read(guest.scan(), guest.frames(), guest.space().mode()).stream()
        .filter(block -> block.kernelBase() == guest.kernel().base())
        .mapToLong(DebuggerBlock::loadedModuleList)
        .filter(head -> head != 0)
        .findFirst();
  }

  private static OptionalLong byKernelsEntry(Guest guest, Collection<KernelModule> scanned) {
    return scanned.stream()
        .filter(module -> module.base() == guest.kernel().base())
        .mapToLong(KernelModule::links)
        .flatMap(
            links ->
                GuestList.walk(guest, links, KernelModules.MAX_MODULES).entries().stream()
                    .mapToLong(Long::longValue))
        .filter(guest.kernel()::contains)
        .findFirst();
  }
}
