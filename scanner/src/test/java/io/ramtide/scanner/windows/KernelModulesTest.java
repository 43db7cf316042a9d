package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.windows.TinyKernel.Result;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.KernelModuleFinding;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelModulesTest {
  private static final long DRIVERS = 0xffff_f800_2000_0000L;

  private final TinyKernel kernel = TinyKernel.known();

  private static Result<KernelModuleFinding> analyze(TinyKernel kernel) {
    return kernel.analyze(What.kernelModules, KernelModuleFinding.class);
  }

  private static List<String> names(Result<KernelModuleFinding> result) {
    return result.findings().stream()
        .map(module -> module.getName() + " " + module.getSeenBy())
        .toList();
  }

  @Test
  void linkedModules_areSeenByListAndPool_inTheListsOrder() {
    kernel.ordinaryModules(DRIVERS);

    Result<KernelModuleFinding> result = analyze(kernel);

    assertThat(names(result))
        .containsExactly("ntoskrnl.exe [moduleList, poolScan]", "good.sys [moduleList, poolScan]");
    KernelModuleFinding good = result.findings().get(1);
    assertThat(good.getBaseVa()).isEqualTo(DRIVERS);
    assertThat(good.getSize()).isEqualTo(0x8000);
    assertThat(good.getPath()).isEqualTo("\\SystemRoot\\good.sys");
    assertThat(result.coverage().getStatus()).isEqualTo(CoverageStatus.complete);
  }

  @Test
  void unlinkedModule_isSeenByThePoolAlone() {
    kernel.ordinaryModules(DRIVERS);
    kernel.module("hidden.sys", DRIVERS + 0x10000, 0x4000);

    assertThat(names(analyze(kernel))).contains("hidden.sys [poolScan]");
  }

  @Test
  void kernelOfUnknownSymbols_hasItsListFoundByItsOwnEntry() {
    TinyKernel unknown = TinyKernel.unknown();
    unknown.ordinaryModules(DRIVERS);
    unknown.module("hidden.sys", DRIVERS + 0x10000, 0x4000);

    Result<KernelModuleFinding> result = analyze(unknown);

    assertThat(names(result))
        .containsExactly(
            "ntoskrnl.exe [moduleList, poolScan]",
            "good.sys [moduleList, poolScan]",
            "hidden.sys [poolScan]");
    assertThat(result.coverage().getStatus()).isEqualTo(CoverageStatus.complete);
  }

  @Test
  void listThatLeavesKernelSpace_isWalkedBackwards() {
    kernel.ordinaryModules(DRIVERS);
    long last = kernel.module("last.sys", DRIVERS + 0x10000, 0x4000);
    kernel.link(last);
    kernel.write(kernel.variable("PsLoadedModuleList"), 0x7fff_0000_1000L);

    Result<KernelModuleFinding> result = analyze(kernel);

    assertThat(names(result)).hasSize(3).allMatch(name -> name.contains("moduleList, poolScan"));
    assertThat(result.detail()).contains("leads to 0x7fff00001000, which is no list entry");
  }

  @Test
  void listBrokenBothWays_countsLinkedEntriesBeyondTheGapAsListed() {
    long[] entries = new long[6];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = kernel.module("m" + i + ".sys", DRIVERS + i * 0x10000L, 0x4000);
      kernel.link(entries[i]);
    }
    kernel.write(entries[1], 0x1000);
    kernel.write(entries[4] + 8, 0x1000);

    Result<KernelModuleFinding> result = analyze(kernel);

    assertThat(names(result)).hasSize(6).allMatch(name -> name.contains("moduleList, poolScan"));
    assertThat(result.coverage().getStatus()).isEqualTo(CoverageStatus.incomplete);
  }

  @Test
  void cyclicList_endsWithANote() {
    kernel.ordinaryModules(DRIVERS);
    long first = kernel.module("a.sys", DRIVERS + 0x10000, 0x4000);
    long second = kernel.module("b.sys", DRIVERS + 0x20000, 0x4000);
    kernel.link(first, second);
    kernel.write(second, first);
    kernel.write(first + 8, second);

    Result<KernelModuleFinding> result = analyze(kernel);

    assertThat(names(result)).hasSize(4);
    assertThat(result.detail()).contains("leads back to");
  }

  @Test
  void endlessList_isCut() {
    long head = kernel.variable("PsLoadedModuleList");
    long previous = head;
    for (int i = 0; i < 5000; i++) {
      long entry = kernel.pool("Fake", 0x70);
      kernel.write(entry + kernel.offset("LDR_DATA_TABLE_ENTRY", "DllBase"), DRIVERS);
      kernel.write(previous, entry);
      previous = entry;
    }

    Result<KernelModuleFinding> result = analyze(kernel);

    assertThat(result.findings()).hasSize(4096);
    assertThat(result.detail()).contains("more than 4096 entries");
  }

  @Test
  void moduleOfImpossibleSize_hasNone() {
    kernel.ordinaryModules(DRIVERS);
    kernel.link(
        kernel.module("none.sys", DRIVERS + 0x10000, 0),
        kernel.module("all.sys", DRIVERS + 0x20000, 0xffff_ffffL));

    Result<KernelModuleFinding> result = analyze(kernel);

    assertThat(result.findings()).hasSize(4);
    assertThat(result.findings().subList(2, 4)).allMatch(module -> module.getSize() == null);
    assertThat(result.detail()).contains("the size of the module at 0xfffff80020010000");
  }

  @Test
  void nameOf64KiB_isCut_andSaysSo() {
    kernel.ordinaryModules(DRIVERS);
    long entry = kernel.module("long.sys", DRIVERS + 0x10000, 0x4000);
    kernel.link(entry);
    long buffer = kernel.pool("Name", 0xf00);
    long name = entry + kernel.offset("LDR_DATA_TABLE_ENTRY", "BaseDllName");
    kernel.write(name, 0xfffe_fffeL);
    kernel.write(name + 8, buffer);

    KernelModuleFinding found = analyze(kernel).findings().get(2);

    assertThat(found.getNameStatus()).startsWith("cut");
    assertThat(found.getName().length()).isLessThanOrEqualTo(4096);
  }

  @Test
  void otherThingsWithTheTag_areNoModules() {
    kernel.ordinaryModules(DRIVERS);
    kernel.pool("MmLd", 0xa0);
    long text = kernel.pool("MmLd", 0xa0);
    for (int at = 0; at < 0xa0; at += 8) {
      kernel.write(text + at, 0x0065_006e_0072_0065L);
    }

    assertThat(names(analyze(kernel))).hasSize(2);
  }
}
