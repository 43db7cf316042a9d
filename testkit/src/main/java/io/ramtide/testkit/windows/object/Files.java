package io.ramtide.testkit.windows.object;

import io.ramtide.testkit.truth.FileTruth;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Struct;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.pool.PoolBlock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** File objects, and the device objects they lie on. */
public final class Files {

  /** The volume that has drive letter C. */
  public static final String VOLUME = "\\Device\\HarddiskVolume1";

  private static final int IO_TYPE_DEVICE = 3;
  private static final int IO_TYPE_FILE = 5;

  private final KernelSpace space;
  private final ObjectManager objects;
  private final Namespace names;
  private final Pool nonPaged;
  private final Map<String, KernelObject> devices = new HashMap<>();
  private final List<FileTruth> made = new ArrayList<>();

  public Files(KernelSpace space, ObjectManager objects, Namespace names, Pool nonPaged) {
    this.space = space;
    this.objects = objects;
    this.names = names;
    this.nonPaged = nonPaged;
  }

  /** A device of a driver, for example {@code \Device\Afd}; the driver's newest is its first. */
  public KernelObject device(String path, KernelObject driver, int type) {
    int size = space.facts.size("_DEVICE_OBJECT");
    KernelObject device =
        names.create("Device", size, "\\Device", path.substring(path.lastIndexOf('\\') + 1));
    Struct owner = space.struct("_DRIVER_OBJECT", driver.va());
    space
        .struct("_DEVICE_OBJECT", device.va())
        .u16("Type", IO_TYPE_DEVICE)
        .u16("Size", size)
        .u64("DriverObject", driver.va())
        .u64("NextDevice", owner.u64("DeviceObject"))
        .u32("DeviceType", type);
    owner.u64("DeviceObject", device.va());
    devices.put(path, device);
    return device;
  }

  /**
   * An open file.
   *
   * @param device path of a device made before
   * @param name path on it
   * @param mode access and sharing, as {@code RWDrwd} with - for what is not granted
   */
  public KernelObject open(String device, String name, String mode) {
    int size = space.facts.size("_FILE_OBJECT");
    KernelObject file = objects.create("File", size);
    byte[] text = name.getBytes(StandardCharsets.UTF_16LE);
    PoolBlock pointers =
        nonPaged.allocate(
            space.facts.tag("controlArea"),
            space.facts.size("_SECTION_OBJECT_POINTERS"),
            PoolBlock.NON_PAGED);
    objects.attach(file, nonPaged, pointers);
    Struct body =
        space
            .struct("_FILE_OBJECT", file.va())
            .u16("Type", IO_TYPE_FILE)
            .u16("Size", size)
            .u64("DeviceObject", devices.get(device).va())
            .u64("SectionObjectPointer", pointers.body())
            .u8("ReadAccess", flag(mode, 0))
            .u8("WriteAccess", flag(mode, 1))
            .u8("DeleteAccess", flag(mode, 2))
            .u8("SharedRead", flag(mode, 3))
            .u8("SharedWrite", flag(mode, 4))
            .u8("SharedDelete", flag(mode, 5))
            .u32("Flags", 0x40042);
    body.unicode("FileName", text.length, objects.text(file, "name", text));
    made.add(
        new FileTruth(
            name,
            device,
            mode.substring(0, 3),
            mode.substring(3),
            file.va(),
            space.kernel.translate(file.va())));
    return file;
  }

  /** Closes a file: its object is gone. */
  public void close(KernelObject file) {
    made.removeIf(truth -> truth.objectVa() == file.va());
    objects.free(file);
  }

  private static int flag(String mode, int at) {
    return mode.charAt(at) == '-' ? 0 : 1;
  }

  public List<FileTruth> truth() {
    return List.copyOf(made);
  }
}
