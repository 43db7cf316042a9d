package io.ramtide.scanner.windows;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.hive.Hive;
import io.ramtide.scanner.windows.hive.Hives;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Looks at the hives of a guest. */
final class HiveLook implements Decoder {
  private Hives hives;

  private HiveLook() {}

  /** The hives of a memory, which must stay open. */
  static Hives at(PhysicalMemory memory) {
    HiveLook look = new HiveLook();
    new WindowsAnalyzer(SymbolStore.shipped(), List.of(look))
        .analyze(memory, Set.of(What.hives), finding -> {});
    return look.hives;
  }

  static void each(PhysicalMemory memory, Consumer<Hive> look) {
    at(memory).all().forEach(look);
  }

  @Override
  public Set<What> kinds() {
    return Set.of(What.hives);
  }

  @Override
  public void decode(Guest guest, List<GuestProcess> processes, FindingSink sink) {
    hives = Hives.of(guest, processes);
  }
}
