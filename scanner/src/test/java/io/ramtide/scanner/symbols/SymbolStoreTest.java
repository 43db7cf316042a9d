package io.ramtide.scanner.symbols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SymbolStoreTest {
  private final SymbolStore store = SymbolStore.shipped();

  @Test
  void knownGuid_namesItsLayoutAndSymbols() {
    KernelSymbols kernel =
        store
            .kernel(new PdbId("ntkrnlmp.pdb", "339E74133576439CBCDF7E0229DA3773", 1))
            .orElseThrow();

    assertThat(kernel.version()).isEqualTo("6.1.7601.24540");
    assertThat(store.layout(kernel.layout()).type("EPROCESS").size()).isEqualTo(0x4f8);
    assertThat(kernel.rva("PsActiveProcessHead").orElseThrow()).isEqualTo(0x21b940);
    assertThat(kernel.rva("NoSuchSymbol")).isEmpty();
  }

  @Test
  void otherAgeOrGuid_isNotKnown() {
    assertThat(store.kernel(new PdbId("ntkrnlmp.pdb", "339E74133576439CBCDF7E0229DA3773", 2)))
        .isEmpty();
    assertThat(store.kernel(new PdbId("ntkrnlmp.pdb", "20C711BBD4C21AA5C45BC774BC7E0472", 1)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "7601, 3",
    "9600, 2",
    "14393, 2",
    "17763, 2",
    "18363, 1",
    "19041, 2",
    "19045, 2",
    "22000, 1",
    "17134, 0",
    "26100, 0"
  })
  void build_isServedByItsLayouts(int build, int layouts) {
    assertThat(store.layouts(build)).hasSize(layouts);
  }

  @ParameterizedTest
  @CsvSource({
    "win7sp1-4d0, 0x4d0, 0x180, 0x2e0, 0x420",
    "win7sp1-4e8, 0x4e8, 0x180, 0x2e0, 0x428",
    "win7sp1-4f8, 0x4f8, 0x180, 0x2e0, 0x428",
    "win10-17763, 0x850, 0x2e0, 0x450, 0x6a8",
    "win10-17763-2928, 0x858, 0x2e0, 0x450, 0x6a8",
    "win10-19041, 0xa40, 0x440, 0x5a8, 0x4e8",
  })
  void layout_hasTheOffsetsOfItsBuild(
      String name, String size, String pid, String imageName, String threadLink) {
    StructType process = store.layout(name).type("EPROCESS");

    assertThat(process.size()).isEqualTo(Integer.decode(size));
    assertThat(process.offset("UniqueProcessId")).isEqualTo(Integer.decode(pid));
    assertThat(process.offset("ImageFileName")).isEqualTo(Integer.decode(imageName));
    assertThat(store.layout(name).type("ETHREAD").offset("ThreadListEntry"))
        .isEqualTo(Integer.decode(threadLink));
    assertThat(store.layout(name).source()).isNotBlank();
  }

  @Test
  void fieldThatTheDataLacks_isNamedInTheError() {
    assertThatThrownBy(() -> store.layout("win10-19041").type("EPROCESS").offset("Nothing"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("EPROCESS.Nothing");
  }
}
