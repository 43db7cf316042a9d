package io.ramtide.scanner.windows.driver;

import io.ramtide.scanner.windows.guest.FactFile;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.object.ObjectDirectory;
import io.ramtide.scanner.windows.object.ObjectManager;
import io.ramtide.scanner.windows.object.PoolObject;
import io.ramtide.scanner.windows.object.PoolObjects;
import io.ramtide.schemas.View;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Finds DRIVER_OBJECTs: by pool tag, in the object directory, and by the devices that name them.
 */
final class DriverViews {
  private static final FactFile FACTS = FactFile.read(DriverViews.class, "major-functions.json");

  /** Type of a DRIVER_OBJECT. */
  private static final int DRIVER_TYPE = (int) FactFile.number(FACTS.json().path("driverType"));

  /** Drivers that are taken; a guest has some hundreds. */
  static final int MAX_DRIVERS = 1 << 13;

  private static final String DRIVER = "Driver";
  private static final String DEVICE = "DEVICE_OBJECT";

  private final Guest guest;
  private final PoolObjects pool;
  private final Map<Long, Set<View>> views = new LinkedHashMap<>();
  private final Set<Long> cut = new HashSet<>();

  private DriverViews(Guest guest) {
    this.guest = guest;
    this.pool = PoolObjects.of(guest);
  }

  /** The views that have a driver, by its VA; what is missing is said to the sink. */
  static Map<Long, Set<View>> find(Guest guest, FindingSink sink) {
    DriverViews drivers = new DriverViews(guest);
    drivers.byTag();
    drivers.byDirectory();
    drivers.byDevices();
    ObjectDirectory.of(guest).gaps().forEach(why -> sink.incomplete(What.drivers, why));
    drivers.pool.gaps("driver").forEach(why -> sink.incomplete(What.drivers, why));
    if (!drivers.cut.isEmpty()) {
      sink.incomplete(
          What.drivers,
          "only the first %d of %d drivers were read"
              .formatted(MAX_DRIVERS, MAX_DRIVERS + drivers.cut.size()));
    }
    return drivers.views;
  }

  private void byTag() {
    for (PoolObject object : pool.inUse("driver")) {
      if (object.isVerified() || hasType(object.va())) {
        add(object.va(), View.poolScan);
      }
    }
  }

  /** \Driver and \FileSystem hold them; another directory could as well. */
  private void byDirectory() {
    ObjectDirectory.of(guest).ofType(DRIVER).forEach(va -> add(va, View.objectDirectory));
  }

  /** Every device names its driver, and so does every open file, through its device. */
  private void byDevices() {
    for (PoolObject device : pool.inUse("device")) {
      byDevice(device.va());
    }
    for (PoolObject file : pool.inUse("file")) {
      OptionalLong device =
          guest.space().qword(file.va() + guest.type("FILE_OBJECT").offset("DeviceObject"));
      if (device.isPresent() && guest.isKernelAddress(device.getAsLong())) {
        byDevice(device.getAsLong());
      }
    }
  }

  private void byDevice(long device) {
    OptionalLong driver = guest.space().qword(device + guest.type(DEVICE).offset("DriverObject"));
    if (driver.isPresent() && isDriver(driver.getAsLong())) {
      add(driver.getAsLong(), View.deviceStack);
    }
  }

  /** Whether a pointer of a device leads to a driver: both its header and its type must say so. */
  private boolean isDriver(long va) {
    if (views.containsKey(va)) {
      return true;
    }
    ObjectManager objects = ObjectManager.of(guest);
    boolean typesAreKnown = objects.types().names().containsValue(DRIVER);
    return guest.isKernelAddress(va)
        && hasType(va)
        && (!typesAreKnown || objects.typeOf(va).filter(DRIVER::equals).isPresent());
  }

  private boolean hasType(long va) {
    Struct object = guest.struct("DRIVER_OBJECT", va);
    return object.u16("Type").orElse(0) == DRIVER_TYPE
        && object.u16("Size").orElse(0) == object.type().size();
  }

  private void add(long va, View view) {
    if (views.size() == MAX_DRIVERS && !views.containsKey(va)) {
      cut.add(va);
      return;
    }
    views.computeIfAbsent(va, driver -> EnumSet.noneOf(View.class)).add(view);
  }
}
