package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ramtide.scanner.windows.TinyKernel.Result;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.DispatchEntry;
import io.ramtide.schemas.DriverFinding;
import io.ramtide.schemas.View;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriversTest {
  private static final long DRIVERS = 0xffff_f800_2000_0000L;

  private final TinyKernel kernel = TinyKernel.known();

  private Result<DriverFinding> analyze() {
    return kernel.analyze(What.drivers, DriverFinding.class);
  }

  private void majorFunction(long driver, int number, long routine) {
    kernel.write(driver + kernel.offset("DRIVER_OBJECT", "MajorFunction") + 8L * number, routine);
  }

  @Test
  void driver_hasItsEntryPointsAndTheModulesTheyLieIn() {
    kernel.ordinaryModules(DRIVERS);
    long driver = kernel.driver("Driv", "\\Driver\\Good", DRIVERS);
    kernel.write(driver + kernel.offset("DRIVER_OBJECT", "DriverUnload"), DRIVERS + 0x40);
    majorFunction(driver, 0, DRIVERS + 0x100);
    majorFunction(driver, 14, 0xffff_f800_3000_0000L);
    majorFunction(driver, 27, TinyWindows.BASE + 0x50);
    kernel.variable("ObpRootDirectoryObject");

    Result<DriverFinding> result = analyze();

    DriverFinding found = result.findings().get(0);
    assertThat(found.getName()).isEqualTo("\\Driver\\Good");
    assertThat(found.getServiceKey()).isEqualTo("Good");
    assertThat(found.getStartVa()).isEqualTo(DRIVERS);
    assertThat(found.getModule()).isEqualTo("good.sys");
    assertThat(found.getSeenBy()).containsExactly(View.poolScan);
    assertThat(found.getDispatch().stream().map(DriversTest::line))
        .containsExactly(
            "DriverUnload good.sys",
            "IRP_MJ_CREATE good.sys",
            "IRP_MJ_DEVICE_CONTROL in no module",
            "IRP_MJ_PNP ntoskrnl.exe");
    assertThat(result.coverage().getStatus()).isEqualTo(CoverageStatus.complete);
  }

  private static String line(DispatchEntry entry) {
    String module = entry.getModule() == null ? entry.getModuleStatus() : entry.getModule();
    return entry.getFunction() + " " + module;
  }

  @Test
  void driverWithAnotherPoolTag_isSeenByItsDevice() {
    kernel.ordinaryModules(DRIVERS);
    long plain = kernel.driver("Driv", "\\Driver\\Good", DRIVERS);
    long hidden = kernel.driver("Xriv", "\\Driver\\Hidden", DRIVERS);
    kernel.device(plain);
    kernel.device(hidden);

    assertThat(analyze().findings())
        .extracting(DriverFinding::getName, DriverFinding::getSeenBy)
        .containsExactly(
            tuple("\\Driver\\Good", List.of(View.poolScan, View.deviceStack)),
            tuple("\\Driver\\Hidden", List.of(View.deviceStack)));
  }

  @Test
  void driverInTheObjectDirectory_isSeenThere() {
    kernel.ordinaryModules(DRIVERS);
    long driver = kernel.driver("Xriv", "\\Driver\\Good", DRIVERS);
    kernel.objectTypes("Type", "Directory", "Driver");
    long root = kernel.object("Dire", 3, 0x200);
    long entry = kernel.pool("ObDi", 0x18);
    kernel.write(kernel.variable("ObpRootDirectoryObject"), root);
    kernel.write(root + 8L * 7, entry);
    kernel.write(entry + 8, driver);
    kernel.setType(driver, 4);

    assertThat(analyze().findings())
        .extracting(DriverFinding::getName, DriverFinding::getSeenBy)
        .containsExactly(tuple("\\Driver\\Good", List.of(View.objectDirectory)));
  }

  @Test
  void devicesThatNameNoDriver_giveNone() {
    kernel.ordinaryModules(DRIVERS);
    kernel.device(0x7ff0_0000_1000L);
    kernel.device(DRIVERS);
    kernel.device(kernel.pool("Junk", 0x200));

    assertThat(analyze().findings()).isEmpty();
  }

  @Test
  void driverOfTheKernelItself_hasNoImage() {
    kernel.ordinaryModules(DRIVERS);
    kernel.driver("Driv", "\\Driver\\PnpManager", 0);

    DriverFinding found = analyze().findings().get(0);

    assertThat(found.getModule()).isNull();
    assertThat(found.getModuleStatus()).isEqualTo("no image of its own");
  }

  @Test
  void pointersIntoUserSpace_areSaid() {
    kernel.ordinaryModules(DRIVERS);
    long driver = kernel.driver("Driv", "\\Driver\\Good", DRIVERS);
    kernel.write(driver + kernel.offset("DRIVER_OBJECT", "DriverExtension"), 0x1000);

    assertThat(analyze().findings().get(0).getServiceKeyStatus()).isEqualTo("no valid address");
  }
}
