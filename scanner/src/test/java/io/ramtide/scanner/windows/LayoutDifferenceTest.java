package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.symbols.SymbolStore;
import org.junit.jupiter.api.Test;

class LayoutDifferenceTest {
  private final SymbolStore store = SymbolStore.shipped();

  @Test
  void layoutsThatDifferLittle_areToldApartByName() {
    assertThat(text("win10-17763", "win10-17763-2928")).isEqualTo("the size of EPROCESS");
  }

  @Test
  void layoutsThatDifferMuch_areCounted() {
    assertThat(text("win7sp1-4f8", "win11-22000")).matches(".*, .* and \\d+ more");
  }

  @Test
  void sameLayout_differsInNothing() {
    assertThat(text("win7sp1-4f8", "win7sp1-4f8")).isEmpty();
  }

  private String text(String one, String other) {
    return LayoutDifference.text(store.layout(one), store.layout(other));
  }
}
