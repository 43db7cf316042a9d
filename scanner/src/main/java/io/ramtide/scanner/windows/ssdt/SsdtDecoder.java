package io.ramtide.scanner.windows.ssdt;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.paging.AddressSpace.ReadResult;
import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.ModuleMap;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.module.KernelModules;
import io.ramtide.schemas.SsdtFinding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;

/** Gives the entries of the system service tables, and the module each of them leads to. */
public final class SsdtDecoder implements Decoder {
  @Override
  public Set<What> kinds() {
    return Set.of(What.ssdt);
  }

  @Override
  public void decode(Guest guest, List<GuestProcess> processes, FindingSink sink) {
    SessionMemory memory = new SessionMemory(guest, processes);
    ModuleMap modules = KernelModules.of(guest).map();
    for (ServiceTable table : ServiceTables.find(guest, sink)) {
      entries(table, memory, modules, sink);
    }
  }

  private static void entries(
      ServiceTable table, SessionMemory memory, ModuleMap modules, FindingSink sink) {
    int index = 0;
    while (index < table.count()) {
      long va = table.base() + (long) index * Integer.BYTES;
      int inPage = (int) va & (PhysicalMemory.FRAME_BYTES - 1);
      int count =
          Math.min(table.count() - index, (PhysicalMemory.FRAME_BYTES - inPage) / Integer.BYTES);
      byte[] bytes = new byte[count * Integer.BYTES];
      ReadResult read = memory.read(va, bytes);
      if (read.isComplete()) {
        ByteBuffer page = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
          long target =
              table.base() + (page.getInt(i * Integer.BYTES) >> ServiceTables.OFFSET_SHIFT);
          sink.add(What.ssdt, finding(table, index + i, target, modules.module(target)));
        }
      } else {
        sink.incomplete(
            What.ssdt,
            "services %d to %d of table %d at 0x%x: %s"
                .formatted(
                    index,
                    index + count - 1,
                    table.number(),
                    table.base(),
                    read.gap().orElseThrow().text()));
      }
      index += count;
    }
  }

  private static SsdtFinding finding(ServiceTable table, int index, long va, GuestText module) {
    return SsdtFinding.newBuilder()
        .setTable(table.number())
        .setTableVa(table.base())
        .setIndex(index)
        .setAddress(va)
        .setModule(module.value())
        .setModuleStatus(module.status())
        .build();
  }
}
