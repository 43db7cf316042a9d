package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ramtide.scanner.windows.TinyKernel.Result;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.SsdtFinding;
import org.junit.jupiter.api.Test;

class ServiceTablesTest {
  private static final long DRIVERS = 0xffff_f800_2000_0000L;
  private static final long WIN32K = 0xffff_9000_0000_0000L;

  private final TinyKernel kernel = TinyKernel.known();
  private final long table = kernel.variable("KiServiceTable");

  private Result<SsdtFinding> analyze() {
    return kernel.analyze(What.ssdt, SsdtFinding.class);
  }

  private void services(long va, int... offsets) {
    for (int i = 0; i < offsets.length; i++) {
      kernel.writeInt(va + 4L * i, offsets[i] << 4 | i);
    }
  }

  private void descriptor(String symbol, int number, long base, long limit) {
    long va = kernel.variable(symbol) + number * 0x20L;
    kernel.write(va, base);
    kernel.write(va + 0x10, limit);
  }

  @Test
  void services_leadToTheirModules() {
    kernel.ordinaryModules(DRIVERS);
    services(table, 0x1000, -0x100);
    kernel.writeInt(kernel.variable("KiServiceLimit"), 2);
    descriptor("KeServiceDescriptorTable", 0, table, 2);
    descriptor("KeServiceDescriptorTableShadow", 0, table, 2);

    Result<SsdtFinding> result = analyze();

    assertThat(result.findings())
        .extracting(SsdtFinding::getTable, SsdtFinding::getIndex, SsdtFinding::getAddress)
        .containsExactly(tuple(0, 0, table + 0x1000), tuple(0, 1, table - 0x100));
    assertThat(result.findings()).allMatch(entry -> entry.getModule().equals("ntoskrnl.exe"));
    assertThat(result.coverage().getStatus()).isEqualTo(CoverageStatus.complete);
  }

  @Test
  void hookedService_isInNoModule() {
    kernel.ordinaryModules(DRIVERS);
    services(table, 0x1000, 0x700_0000);
    kernel.writeInt(kernel.variable("KiServiceLimit"), 2);

    SsdtFinding hook = analyze().findings().get(1);

    assertThat(hook.getModule()).isNull();
    assertThat(hook.getModuleStatus()).isEqualTo("in no module");
  }

  @Test
  void hookedService_isNotSaidToBeInNoModule_ifTheModulesAreNotKnown() {
    services(table, 0x700_0000);
    kernel.writeInt(kernel.variable("KiServiceLimit"), 1);

    assertThat(analyze().findings().get(0).getModuleStatus()).isEqualTo("module list incomplete");
  }

  @Test
  void limitOfFourBillion_isCutToWhatCanBeCalled() {
    kernel.writeInt(kernel.variable("KiServiceLimit"), -1);

    Result<SsdtFinding> result = analyze();

    assertThat(result.findings()).hasSizeLessThanOrEqualTo(4096);
    assertThat(result.detail()).contains("4294967295 services: only the first 4096 can be called");
  }

  @Test
  void descriptorOfAnotherTable_givesBoth() {
    long other = kernel.pool("Tabl", 0x100);
    services(table, 0x1000);
    services(other, 0x10, 0x20);
    kernel.writeInt(kernel.variable("KiServiceLimit"), 1);
    descriptor("KeServiceDescriptorTable", 0, other, 2);

    assertThat(analyze().findings())
        .extracting(SsdtFinding::getTableVa)
        .containsExactly(table, other, other);
  }

  @Test
  void descriptorOutsideKernelSpace_isSaid() {
    kernel.writeInt(kernel.variable("KiServiceLimit"), 0);
    descriptor("KeServiceDescriptorTableShadow", 1, 0x7ff0_0000_0000L, 100);

    assertThat(analyze().detail())
        .contains("KeServiceDescriptorTableShadow[1] is at 0x7ff000000000, which is no table");
  }

  @Test
  void windowTable_isReadInAProcessThatHasIt() {
    kernel.writeInt(kernel.variable("KiServiceLimit"), 0);
    descriptor("KeServiceDescriptorTableShadow", 1, WIN32K, 1);
    TinyWindows.Placed process = kernel.windows.process(500, "csrss.exe");
    kernel.windows.link(process);
    long page = kernel.windows.frame();
    kernel.windows.memory.putInt(page, 0x1230 << 4);

    assertThat(analyze().detail()).contains("services 0 to 0 of table 1 at 0xffff900000000000");

    kernel.windows.mapIn(process.root(), WIN32K, page);
    SsdtFinding service = analyze().findings().get(0);

    assertThat(service.getTable()).isEqualTo(1);
    assertThat(service.getAddress()).isEqualTo(WIN32K + 0x1230);
  }

  @Test
  void kernelOfUnknownSymbols_isNotSupported() {
    Result<SsdtFinding> result = TinyKernel.unknown().analyze(What.ssdt, SsdtFinding.class);

    assertThat(result.findings()).isEmpty();
    assertThat(result.coverage().getStatus()).isEqualTo(CoverageStatus.notSupported);
  }
}
