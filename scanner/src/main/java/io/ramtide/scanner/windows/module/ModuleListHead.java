package io.ramtide.scanner.windows.module;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.kernel.DebuggerBlock;
import java.util.OptionalLong;

/** Finds PsLoadedModuleList. */
final class ModuleListHead {
  private ModuleListHead() {}

  /** VA of the list's head: by symbol, else as a debugger block in the clear names it. */
  static OptionalLong find(Guest guest) {
    OptionalLong symbol = guest.symbol("PsLoadedModuleList");
    return symbol.isPresent() ? symbol : byDebuggerBlock(guest);
  }

  private static OptionalLong byDebuggerBlock(Guest guest) {
    return DebuggerBlock.read(guest.scan(), guest.frames(), guest.space().mode()).stream()
        .filter(block -> block.kernelBase() == guest.kernel().base())
        .mapToLong(DebuggerBlock::loadedModuleList)
        .filter(head -> head != 0)
        .findFirst();
  }
}
