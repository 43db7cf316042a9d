package io.ramtide.scanner.windows.object;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.Struct;

/**
 * What a FILE_OBJECT is a file of.
 *
 * @param device name of its device, e.g. "\Device\HarddiskVolume1"
 * @param name path on the device
 */
public record FilePath(GuestText device, GuestText name) {
  /** The directory of devices, for those whose own directory is not linked. */
  private static final String DEVICES = "\\Device\\";

  /** Of the FILE_OBJECT at a VA. */
  public static FilePath of(Guest guest, long va) {
    Struct file = guest.struct("FILE_OBJECT", va);
    GuestText name =
        GuestText.unicodeString(guest.space(), file.address("FileName"), GuestText.MAX_NAME);
    if (file.u64("DeviceObject").isEmpty()) {
      return new FilePath(GuestText.missing(file.gap("DeviceObject").orElseThrow()), name);
    }
    return new FilePath(device(guest, file.u64("DeviceObject").getAsLong()), name);
  }

  private static GuestText device(Guest guest, long va) {
    if (va == 0) {
      return GuestText.NONE;
    }
    if (!guest.isKernelAddress(va)) {
      return GuestText.missing("not a kernel address");
    }
    ObjectManager objects = ObjectManager.of(guest);
    GuestText path = objects.path(objects.headerOf(va));
    boolean isBare = path.value() != null && !path.value().startsWith("\\");
    return isBare ? new GuestText(DEVICES + path.value(), path.status()) : path;
  }

  /** Device and path as one text: "\Device\HarddiskVolume1\Windows\explorer.exe". */
  public GuestText whole() {
    if (device.value() == null && name.value() == null) {
      return name.status() == null ? device : name;
    }
    String text =
        (device.value() == null ? "" : device.value()) + (name.value() == null ? "" : name.value());
    if (name.status() != null) {
      return new GuestText(text, "name: " + name.status());
    }
    return new GuestText(text, device.status() == null ? null : "device: " + device.status());
  }
}
