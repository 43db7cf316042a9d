package io.ramtide.scanner.windows.user;

import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.ModuleFinding;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** The modules of every process. */
public final class ModuleDecoder implements Decoder {
  @Override
  public Set<What> kinds() {
    return Set.of(What.modules);
  }

  @Override
  public void decode(Guest guest, List<GuestProcess> processes, FindingSink sink) {
    for (GuestProcess process : processes) {
      ProcessModules modules = ProcessModules.of(process);
      for (String trouble : modules.troubles()) {
        sink.incomplete(What.modules, "process %d: %s".formatted(process.pid(), trouble));
      }
      for (Module module : modules.all()) {
        sink.add(What.modules, finding(process, modules, module));
        String name = module.name().status();
        sink.partly(What.modules, Module.NO_ENTRY.equals(name) ? null : name);
      }
    }
    if (ProcessModules.isCut(guest)) {
      sink.cut(
          What.modules,
          "only %d entries of loader lists were walked".formatted(FindingSink.MAX_OF_A_KIND));
    }
  }

  private static ModuleFinding finding(
      GuestProcess process, ProcessModules modules, Module module) {
    GuestText name = module.name();
    GuestText path = module.path();
    GuestText file = modules.mappedFile(module);
    return ModuleFinding.newBuilder()
        .setPid(process.pid())
        .setProcessVa(process.finding().getObjectVa())
        .setName(name.value())
        .setNameStatus(name.status())
        .setPath(path.value())
        .setPathStatus(path.status())
        .setBaseVa(module.base())
        .setSize(module.size() == 0 ? null : Long.valueOf(module.size()))
        .setEntryPointVa(orNull(module.entryPoint()))
        .setLoadTime(orNull(module.loadTime()))
        .setWow64(module.isWow64())
        .setInLoad(module.orders().contains(LoaderLists.Order.LOAD))
        .setInInit(module.orders().contains(LoaderLists.Order.INIT))
        .setInMemory(module.orders().contains(LoaderLists.Order.MEMORY))
        .setMappedFile(file.value())
        .setMappedFileStatus(file.status())
        .build();
  }

  private static Long orNull(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }
}
