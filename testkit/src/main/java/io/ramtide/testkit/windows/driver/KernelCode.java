package io.ramtide.testkit.windows.driver;

import io.ramtide.testkit.truth.CallbackTruth;
import io.ramtide.testkit.truth.DriverTruth;
import io.ramtide.testkit.truth.KernelModuleTruth;
import io.ramtide.testkit.truth.ServiceTruth;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.object.Files;
import io.ramtide.testkit.windows.object.Namespace;
import io.ramtide.testkit.windows.object.ObjectManager;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.process.StartAddress;
import java.util.List;

/** Modules, drivers, services and callbacks of a kernel, with what a rootkit did to them. */
public final class KernelCode {

  private final KernelSpace space;
  private final KernelModules modules;
  private final Drivers drivers;
  private final ServiceTable services;
  private final Callbacks callbacks;

  public KernelCode(
      KernelSpace space,
      ObjectManager objects,
      Namespace names,
      Files files,
      Pool nonPaged,
      boolean rootkit) {
    this.space = space;
    modules = new KernelModules(space, nonPaged);
    modules.write(rootkit);
    drivers = new Drivers(space, objects, names, files, modules);
    drivers.write(rootkit);
    services = new ServiceTable(space, modules);
    services.write(rootkit);
    callbacks = new Callbacks(space, nonPaged, modules, drivers);
    callbacks.write(rootkit);
  }

  /** Where kernel threads begin. */
  public List<StartAddress> starts() {
    return List.of(
        new StartAddress(space.imageVa + 0x11c40, "ntoskrnl.exe"),
        new StartAddress(space.imageVa + 0x12e80, "ntoskrnl.exe"),
        new StartAddress(modules.function("tcpip.sys", 20), "tcpip.sys"),
        new StartAddress(modules.function("Ntfs.sys", 21), "Ntfs.sys"),
        new StartAddress(space.imageVa + 0x14200, "ntoskrnl.exe"));
  }

  /** The module of a name. */
  public KernelModuleTruth module(String name) {
    return modules.module(name);
  }

  public List<KernelModuleTruth> modules() {
    return modules.truth();
  }

  public List<DriverTruth> drivers() {
    return drivers.truth();
  }

  public List<ServiceTruth> services() {
    return services.truth();
  }

  public List<CallbackTruth> callbacks() {
    return callbacks.truth();
  }
}
