package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.ModuleFinding;
import io.ramtide.testkit.truth.ModuleTruth;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Modules of processes, 64-bit and WoW64, those off the loader's lists too, of every build. */
class SimulatedModulesTest {
  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void everyModule_isTheTruth(String build) {
    SimulatedCase guest = SimulatedCase.of(build);

    assertThat(guest.found(ModuleFinding.class).map(SimulatedModulesTest::row))
        .containsExactlyInAnyOrderElementsOf(
            guest.truth().modules().stream().map(SimulatedModulesTest::row).toList());
    assertThat(guest.coverage(What.modules).getDetail())
        .isEqualTo("1 of them not read whole (1x paged out)");
  }

  private static String row(ModuleTruth module) {
    boolean listed = module.inLoad() || module.inInit() || module.inMemory();
    String status = listed ? module.nameStatus() : "no loader entry";
    return row(
        module.pid(),
        module.name(),
        status,
        module.path(),
        status,
        module.baseVa(),
        module.size(),
        module.entryPointVa(),
        module.wow64(),
        module.inLoad() + " " + module.inInit() + " " + module.inMemory(),
        module.mappedFile());
  }

  private static String row(ModuleFinding module) {
    return row(
        module.getPid(),
        module.getName(),
        module.getNameStatus(),
        module.getPath(),
        module.getPathStatus(),
        module.getBaseVa(),
        module.getSize(),
        Objects.requireNonNullElse(module.getEntryPointVa(), 0L),
        module.getWow64(),
        module.getInLoad() + " " + module.getInInit() + " " + module.getInMemory(),
        module.getMappedFile());
  }

  private static String row(
      long pid,
      String name,
      String nameStatus,
      String path,
      String pathStatus,
      long base,
      long size,
      long entry,
      boolean wow64,
      String lists,
      String file) {
    return "%d %s (%s) %s (%s) %x+%x entry %x wow64 %b lists %s file %s"
        .formatted(pid, name, nameStatus, path, pathStatus, base, size, entry, wow64, lists, file);
  }
}
