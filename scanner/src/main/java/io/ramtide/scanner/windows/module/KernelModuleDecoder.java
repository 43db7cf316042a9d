package io.ramtide.scanner.windows.module;

import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.KernelModuleFinding;
import io.ramtide.schemas.View;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Gives the kernel's modules. */
public final class KernelModuleDecoder implements Decoder {
  @Override
  public Set<What> kinds() {
    return Set.of(What.kernelModules);
  }

  @Override
  public void decode(Guest guest, List<GuestProcess> processes, FindingSink sink) {
    KernelModules modules = KernelModules.of(guest);
    for (KernelModule module : modules.modules()) {
      sink.add(What.kernelModules, finding(module, views(modules, module)));
      sink.partly(What.kernelModules, module.name().status());
    }
    modules.troubles().forEach(why -> sink.incomplete(What.kernelModules, why));
  }

  private static List<View> views(KernelModules modules, KernelModule module) {
    List<View> views = new ArrayList<>();
    if (modules.isListed(module)) {
      views.add(View.moduleList);
    }
    if (modules.isScanned(module)) {
      views.add(View.poolScan);
    }
    return views;
  }

  private static KernelModuleFinding finding(KernelModule module, List<View> seenBy) {
    return KernelModuleFinding.newBuilder()
        .setName(module.name().value())
        .setNameStatus(module.name().status())
        .setPath(module.path().value())
        .setPathStatus(module.path().status())
        .setBaseVa(module.base())
        .setSize(orNull(module.size()))
        .setEntryPointVa(orNull(module.entryPoint()))
        .setObjectVa(module.entry().va())
        .setObjectGpa(orNull(module.entry().gpa()))
        .setSeenBy(seenBy)
        .build();
  }

  private static Long orNull(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }
}
