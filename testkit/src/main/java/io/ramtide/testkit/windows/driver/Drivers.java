package io.ramtide.testkit.windows.driver;

import io.ramtide.testkit.truth.DriverTruth;
import io.ramtide.testkit.truth.KernelModuleTruth;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.object.Files;
import io.ramtide.testkit.windows.object.KernelObject;
import io.ramtide.testkit.windows.object.Namespace;
import io.ramtide.testkit.windows.object.ObjectManager;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** DRIVER_OBJECTs with their extensions, dispatch tables and devices. */
public final class Drivers {

  private static final int IO_TYPE_DRIVER = 4;
  private static final int FUNCTIONS = 28; // MajorFunction
  private static final int WRITE = 4; // IRP_MJ_WRITE
  private static final int DEVICE_CONTROL = 14; // IRP_MJ_DEVICE_CONTROL
  private static final List<Integer> HANDLED = List.of(0, 2, 3, WRITE, DEVICE_CONTROL, 16);

  private record Driver(String name, String module, String device, int deviceType) {}

  private static final List<Driver> DRIVERS =
      List.of(
          new Driver("\\Driver\\ACPI", "ACPI.sys", null, 0),
          new Driver("\\Driver\\pci", "pci.sys", null, 0),
          new Driver("\\Driver\\volmgr", "volmgr.sys", Files.VOLUME, 7),
          new Driver("\\Driver\\disk", "disk.sys", "\\Device\\BootDevice", 7),
          new Driver("\\Driver\\tcpip", "tcpip.sys", "\\Device\\Tcp", 0x12),
          new Driver("\\Driver\\AFD", "afd.sys", "\\Device\\Afd", 0x11),
          new Driver("\\Driver\\Null", "null.sys", "\\Device\\Null", 0x15),
          new Driver("\\FileSystem\\Ntfs", "Ntfs.sys", null, 0),
          new Driver("\\FileSystem\\Npfs", "npfs.sys", "\\Device\\NamedPipe", 0x11),
          new Driver("\\FileSystem\\WdFilter", "WdFilter.sys", null, 0));

  private final KernelSpace space;
  private final ObjectManager objects;
  private final Namespace names;
  private final Files files;
  private final KernelModules modules;
  private final Map<String, KernelObject> objectsByName = new HashMap<>();
  private final Map<String, KernelObject> devicesByDriver = new HashMap<>();
  private final List<DriverTruth> truth = new ArrayList<>();

  public Drivers(
      KernelSpace space,
      ObjectManager objects,
      Namespace names,
      Files files,
      KernelModules modules) {
    this.space = space;
    this.objects = objects;
    this.names = names;
    this.files = files;
    this.modules = modules;
  }

  /**
   * Writes the drivers.
   *
   * @param rootkit whether the hidden module has a driver too, which has hooked the disk's writes
   */
  public void write(boolean rootkit) {
    for (Driver driver : DRIVERS) {
      boolean hooked = rootkit && driver.module().equals("disk.sys");
      create(driver, hooked);
    }
    if (rootkit) {
      create(new Driver("\\Driver\\updsvc", KernelModules.HIDDEN, "\\Device\\updsvc", 0x22), false);
    }
  }

  private void create(Driver driver, boolean hooked) {
    KernelModuleTruth module = modules.module(driver.module());
    int cut = driver.name().lastIndexOf('\\');
    String service = driver.name().substring(cut + 1);
    int size = space.facts.size("_DRIVER_OBJECT");
    KernelObject object =
        names.create(
            "Driver",
            size + space.facts.size("_DRIVER_EXTENSION"),
            driver.name().substring(0, cut),
            service);
    long invalid = space.imageVa + 0x2340; // answers requests that a driver does not handle
    List<Long> dispatch = new ArrayList<>();
    for (int function = 0; function < FUNCTIONS; function++) {
      int handler = HANDLED.indexOf(function);
      dispatch.add(handler < 0 ? invalid : modules.function(driver.module(), 1 + handler));
    }
    if (hooked) {
      dispatch.set(WRITE, modules.function(KernelModules.HIDDEN, 5));
    }
    long unload = modules.function(driver.module(), 9);
    byte[] name = driver.name().getBytes(StandardCharsets.UTF_16LE);
    long extension = object.va() + size;
    long table =
        space
            .struct("_DRIVER_OBJECT", object.va())
            .u16("Type", IO_TYPE_DRIVER)
            .u16("Size", size)
            .u64("DriverStart", module.baseVa())
            .u32("DriverSize", (int) module.size())
            .u64("DriverSection", module.objectVa())
            .u64("DriverExtension", extension)
            .u64("DriverInit", module.entryPointVa())
            .u64("DriverUnload", unload)
            .unicode("DriverName", name.length, objects.text(object, "name", name))
            .address("MajorFunction");
    for (int i = 0; i < FUNCTIONS; i++) {
      space.kernel.putLong(table + 8L * i, dispatch.get(i));
    }
    byte[] key = service.getBytes(StandardCharsets.UTF_16LE);
    space
        .struct("_DRIVER_EXTENSION", extension)
        .u64("DriverObject", object.va())
        .unicode("ServiceKeyName", key.length, objects.text(object, "name", key));
    objectsByName.put(driver.name(), object);
    if (driver.device() != null) {
      devicesByDriver.put(
          driver.name(), files.device(driver.device(), object, driver.deviceType()));
    }
    truth.add(
        new DriverTruth(
            driver.name(),
            service,
            module.baseVa(),
            module.size(),
            module.name(),
            dispatch,
            unload,
            object.va(),
            space.kernel.translate(object.va())));
  }

  KernelObject driver(String name) {
    return objectsByName.get(name);
  }

  KernelObject device(String driver) {
    return devicesByDriver.get(driver);
  }

  /** Address of a driver's handler of IRP_MJ_SHUTDOWN. */
  long shutdown(String driver) {
    return truth.stream()
        .filter(known -> known.name().equals(driver))
        .findFirst()
        .orElseThrow()
        .dispatch()
        .get(16);
  }

  public List<DriverTruth> truth() {
    return List.copyOf(truth);
  }
}
