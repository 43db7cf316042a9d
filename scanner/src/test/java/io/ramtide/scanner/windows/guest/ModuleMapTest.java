package io.ramtide.scanner.windows.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModuleMapTest {
  private static final long BASE = 0xffff_f800_0000_0000L;

  private final List<ModuleMap.Range> ranges =
      new ArrayList<>(List.of(range(0x5000, 0x2000, "b.sys"), range(0x1000, 0x1000, "a.sys")));

  private static ModuleMap.Range range(long offset, long size, String name) {
    return new ModuleMap.Range(BASE + offset, size, GuestText.of(name));
  }

  private GuestText module(long offset) {
    return new ModuleMap(ranges, true).module(BASE + offset);
  }

  @Test
  void addressInAModule_hasItsName() {
    assertThat(module(0x1000)).isEqualTo(GuestText.of("a.sys"));
    assertThat(module(0x1fff)).isEqualTo(GuestText.of("a.sys"));
    assertThat(module(0x6fff)).isEqualTo(GuestText.of("b.sys"));
  }

  @Test
  void addressBeforeBetweenAndBehindModules_isInNone() {
    for (long offset : new long[] {0xfff, 0x2000, 0x4fff, 0x7000}) {
      assertThat(module(offset)).isEqualTo(GuestText.missing("in no module"));
    }
  }

  @Test
  void addressInNoKnownModule_isNotSaidToBeInNone_whereModulesAreMissing() {
    ModuleMap map = new ModuleMap(ranges, false);

    assertThat(map.module(BASE + 0x2000)).isEqualTo(GuestText.missing("module list incomplete"));
    assertThat(map.module(BASE + 0x1000)).isEqualTo(GuestText.of("a.sys"));
    assertThat(map.module(0x7ff0_0000_0000L)).isEqualTo(GuestText.missing("in no module"));
  }

  @Test
  void moduleInsideAnother_leavesTheRestToTheOther() {
    ranges.add(range(0, 0x10000, "huge.sys"));

    assertThat(module(0x1800)).isEqualTo(GuestText.of("a.sys"));
    assertThat(module(0x3000)).isEqualTo(GuestText.of("huge.sys"));
    assertThat(module(0x9000)).isEqualTo(GuestText.of("huge.sys"));
    assertThat(module(0x10000)).isEqualTo(GuestText.missing("in no module"));
  }

  @Test
  void moduleWithoutReadableName_saysWhy() {
    ranges.add(new ModuleMap.Range(BASE + 0x9000, 0x1000, GuestText.missing("paged out")));

    assertThat(module(0x9000)).isEqualTo(GuestText.missing("paged out"));
  }

  @Test
  void moduleThatEndsWithTheAddressSpace_holdsItsLastByte() {
    ModuleMap map =
        new ModuleMap(
            List.of(new ModuleMap.Range(-0x1000, 0x1000, GuestText.of("last.sys"))), true);

    assertThat(map.module(-1)).isEqualTo(GuestText.of("last.sys"));
    assertThat(map.module(-0x1001)).isEqualTo(GuestText.missing("in no module"));
  }
}
