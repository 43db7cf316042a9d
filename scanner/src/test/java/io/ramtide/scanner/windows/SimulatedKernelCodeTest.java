package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CallbackFinding;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.DispatchEntry;
import io.ramtide.schemas.DriverFinding;
import io.ramtide.schemas.KernelModuleFinding;
import io.ramtide.schemas.SsdtFinding;
import io.ramtide.schemas.View;
import io.ramtide.testkit.GroundTruth;
import io.ramtide.testkit.truth.DriverTruth;
import io.ramtide.testkit.truth.KernelModuleTruth;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Code in the kernel of guests of every build, that of a rootkit too. */
class SimulatedKernelCodeTest {
  private static final String HIDDEN = "updsvc.sys";
  private static final int MAJOR_FUNCTIONS = 28;

  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void everyModule_isTheTruth_theUnlinkedOneByScan(String build) {
    SimulatedCase guest = SimulatedCase.of(build);

    assertThat(
            guest
                .found(KernelModuleFinding.class)
                .map(
                    module ->
                        "%s %s %x+%x entry %x at %x %x %s"
                            .formatted(
                                module.getName(),
                                module.getPath(),
                                module.getBaseVa(),
                                module.getSize(),
                                module.getEntryPointVa(),
                                module.getObjectVa(),
                                module.getObjectGpa(),
                                module.getSeenBy())))
        .containsExactlyInAnyOrderElementsOf(
            guest.truth().kernelModules().stream()
                .map(
                    module ->
                        "%s %s %x+%x entry %x at %x %x %s"
                            .formatted(
                                module.name(),
                                module.path(),
                                module.baseVa(),
                                module.size(),
                                module.entryPointVa(),
                                module.objectVa(),
                                module.objectGpa(),
                                module.listed()
                                    ? List.of(View.moduleList, View.poolScan)
                                    : List.of(View.poolScan)))
                .toList());
    assertThat(guest.truth().kernelModules())
        .filteredOn(module -> !module.listed())
        .extracting(KernelModuleTruth::name)
        .containsExactly(HIDDEN);
    assertThat(guest.coverage(What.kernelModules).getDetail()).isNull();
  }

  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void everyDriver_isTheTruth_withTheModuleOfEachEntryPoint(String build) {
    SimulatedCase guest = SimulatedCase.of(build);
    GroundTruth truth = guest.truth();

    assertThat(
            guest
                .found(DriverFinding.class)
                .map(
                    driver ->
                        driver(
                            driver.getName(),
                            driver.getServiceKey(),
                            driver.getStartVa(),
                            driver.getSize(),
                            driver.getModule(),
                            driver.getObjectVa(),
                            driver.getObjectGpa(),
                            points(driver))))
        .containsExactlyInAnyOrderElementsOf(
            truth.drivers().stream()
                .map(
                    driver ->
                        driver(
                            driver.name(),
                            driver.serviceKey(),
                            driver.startVa(),
                            driver.size(),
                            driver.module(),
                            driver.objectVa(),
                            driver.objectGpa(),
                            points(driver, truth)))
                .toList());
    assertThat(guest.found(DriverFinding.class))
        .allSatisfy(
            driver -> assertThat(driver.getSeenBy()).contains(View.poolScan, View.objectDirectory));
    assertThat(guest.coverage(What.drivers).getDetail()).isNull();
  }

  private static String driver(
      String name,
      String key,
      long start,
      long size,
      String module,
      long va,
      long gpa,
      String points) {
    return "%s %s %x+%x %s at %x %x\n%s".formatted(name, key, start, size, module, va, gpa, points);
  }

  /** DriverInit, DriverUnload, and the 28 major functions in their order. */
  private static String points(DriverFinding driver) {
    List<DispatchEntry> entries = driver.getDispatch();
    assertThat(entries).hasSize(2 + MAJOR_FUNCTIONS);
    assertThat(entries.subList(2, entries.size()))
        .extracting(DispatchEntry::getFunction)
        .allMatch(function -> function.startsWith("IRP_MJ_"))
        .startsWith("IRP_MJ_CREATE", "IRP_MJ_CREATE_NAMED_PIPE", "IRP_MJ_CLOSE", "IRP_MJ_READ")
        .endsWith("IRP_MJ_SET_QUOTA", "IRP_MJ_PNP")
        .doesNotHaveDuplicates();
    return entries.stream()
        .map(
            entry ->
                "%s %x %s"
                    .formatted(
                        entry.getFunction().startsWith("IRP_MJ_")
                            ? "function"
                            : entry.getFunction(),
                        entry.getAddress(),
                        entry.getModule()))
        .collect(Collectors.joining("\n"));
  }

  private static String points(DriverTruth driver, GroundTruth truth) {
    long init = module(driver.module(), truth).entryPointVa();
    return Stream.concat(
            Stream.of(
                point("DriverInit", init, truth), point("DriverUnload", driver.unload(), truth)),
            driver.dispatch().stream().map(address -> point("function", address, truth)))
        .collect(Collectors.joining("\n"));
  }

  private static String point(String function, long address, GroundTruth truth) {
    return "%s %x %s"
        .formatted(
            function,
            address,
            truth.kernelModules().stream()
                .filter(m -> address >= m.baseVa() && address < m.baseVa() + m.size())
                .map(KernelModuleTruth::name)
                .findFirst()
                .orElse(null));
  }

  private static KernelModuleTruth module(String name, GroundTruth truth) {
    return truth.kernelModules().stream()
        .filter(module -> module.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#exact")
  void everyService_isTheTruth_theHookedOneInTheHiddenModule(String build) {
    SimulatedCase guest = SimulatedCase.of(build);

    List<String> expected =
        guest.truth().services().stream()
            .map(s -> "0 %d %x %s null".formatted(s.index(), s.address(), s.module()))
            .toList();
    assertThat(
            guest
                .found(SsdtFinding.class)
                .map(
                    service ->
                        "%d %d %x %s %s"
                            .formatted(
                                service.getTable(),
                                service.getIndex(),
                                service.getAddress(),
                                service.getModule(),
                                service.getModuleStatus())))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(expected).filteredOn(row -> row.contains(HIDDEN)).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#exact")
  void everyCallback_isTheTruth_theOneOutsideAnyModuleToo(String build) {
    SimulatedCase guest = SimulatedCase.of(build);

    List<String> expected =
        guest.truth().callbacks().stream()
            .map(
                callback ->
                    "%s %x %s (%s) %s"
                        .formatted(
                            callback.type(),
                            callback.address(),
                            callback.module(),
                            callback.module() == null ? "in no module" : null,
                            callback.type().equals("registry")
                                ? "altitude " + callback.detail()
                                : callback.detail()))
            .toList();
    assertThat(
            guest
                .found(CallbackFinding.class)
                .map(
                    callback ->
                        "%s %x %s (%s) %s"
                            .formatted(
                                callback.getType(),
                                callback.getAddress(),
                                callback.getModule(),
                                callback.getModuleStatus(),
                                callback.getDetail() == null ? "" : callback.getDetail())))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(expected).filteredOn(row -> row.contains("(in no module)")).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void withoutExactSymbols_servicesAndCallbacksAreNotSupported_andSaidSo(String build) {
    SimulatedCase guest = SimulatedCase.of(build);

    for (What what : List.of(What.ssdt, What.callbacks)) {
      CoverageStatus status = guest.coverage(what).getStatus();
      if (guest.hasSymbols()) {
        assertThat(status).isNotEqualTo(CoverageStatus.notSupported);
      } else {
        assertThat(status).isEqualTo(CoverageStatus.notSupported);
        assertThat(guest.coverage(what).getCount()).isZero();
      }
    }
  }
}
