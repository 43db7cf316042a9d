package io.ramtide.testkit.windows.driver;

import io.ramtide.testkit.truth.ServiceTruth;
import io.ramtide.testkit.windows.KernelSpace;
import java.util.ArrayList;
import java.util.List;

/**
 * KiServiceTable: for each service 32 bits, its distance from the table in the upper 28, signed,
 * and the number of arguments on the stack in the lower 4. KSERVICE_TABLE_DESCRIPTOR: the table's
 * address, 8 bytes unused, the number of services, the address of the argument sizes.
 */
public final class ServiceTable {

  private static final int HOOKED = 7;

  private final KernelSpace space;
  private final KernelModules modules;
  private final List<ServiceTruth> truth = new ArrayList<>();

  public ServiceTable(KernelSpace space, KernelModules modules) {
    this.space = space;
    this.modules = modules;
  }

  /** Writes the table; a rootkit has put its own routine in place of one service. */
  public void write(boolean rootkit) {
    long table = space.symbol("KiServiceTable");
    for (var service : space.facts.services().entrySet()) {
      int index = truth.size();
      boolean hooked = rootkit && index == HOOKED;
      long address =
          hooked ? modules.function(KernelModules.HIDDEN, 3) : space.imageVa + service.getValue();
      space.kernel.putInt(table + 4L * index, (int) ((address - table) << 4) | (index % 5));
      String module = hooked ? KernelModules.HIDDEN : "ntoskrnl.exe";
      truth.add(new ServiceTruth(index, address, module, service.getKey()));
    }
    space.kernel.putInt(space.symbol("KiServiceLimit"), truth.size());
    for (String symbol : List.of("KeServiceDescriptorTable", "KeServiceDescriptorTableShadow")) {
      long descriptor = space.symbol(symbol);
      space.kernel.putLong(descriptor, table);
      space.kernel.putInt(descriptor + 0x10, truth.size());
      space.kernel.putLong(descriptor + 0x18, space.symbol("KiServiceLimit") + 4);
    }
  }

  public List<ServiceTruth> truth() {
    return List.copyOf(truth);
  }
}
