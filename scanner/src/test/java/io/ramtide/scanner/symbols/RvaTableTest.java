package io.ramtide.scanner.symbols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RvaTableTest {
  private static final List<String> SYMBOLS = List.of("A", "B", "C", "D");

  @Test
  void everyKernel_getsItsOwnRvasBack() {
    Map<String, Map<String, Long>> kernels = new LinkedHashMap<>();
    kernels.put("one", Map.of("B", 0x10L, "A", 0x5000L, "C", 0x20L));
    kernels.put("two", Map.of("B", 0x9000L, "A", 0x18L, "D", 0x7L));
    RvaTable table = RvaTable.of(SYMBOLS, kernels);

    assertThat(table.rvas("one")).isEqualTo(kernels.get("one"));
    assertThat(table.rvas("two")).isEqualTo(kernels.get("two"));
    assertThat(table.symbols()).containsExactly("B", "C", "A", "D");
    assertThat(table.lines()).containsEntry("one", "10 10 4fe0 -");
  }

  @Test
  void kernelOfNoLine_hasNoRvas() {
    assertThat(RvaTable.of(SYMBOLS, Map.of()).rvas("one")).isEmpty();
  }

  @Test
  void lineWithTooFewCells_isRefused() {
    RvaTable table = new RvaTable(SYMBOLS, Map.of("one", "1 2 3"));
    assertThatThrownBy(() -> table.rvas("one"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 RVAs for 4 symbols");
  }
}
