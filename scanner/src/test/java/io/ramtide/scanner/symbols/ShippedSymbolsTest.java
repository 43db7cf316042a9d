package io.ramtide.scanner.symbols;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.scanner.symbols.isf.SymbolImport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every kernel that ships. */
class ShippedSymbolsTest {
  /** Kernels of JPCERTCC/Windows-Symbol-Tables; 7601.17514 and 7601.23418 come besides. */
  private static final int PUBLIC_KERNELS = 213;

  private final SymbolStore store = SymbolStore.shipped();

  @TempDir Path folder;

  @Test
  void everyPublicKernel_isThere() {
    assertThat(store.shippedKernels()).hasSize(PUBLIC_KERNELS + 2);
    assertThat(store.shippedKernels().stream().filter(kernel -> kernel.rvas() > 0))
        .hasSize(PUBLIC_KERNELS);
    assertThat(store.importedKernels()).isEmpty();
  }

  @Test
  void everyKernel_leadsFromItsGuidToItsSymbolsAndWhatTheScannerNeeds() throws IOException {
    JsonNode wanted = structures();
    for (KnownKernel known : store.shippedKernels()) {
      if (known.pdb().isEmpty()) {
        continue;
      }
      KernelSymbols kernel =
          store.kernel(new PdbId("ntkrnlmp.pdb", known.guid(), known.age())).orElseThrow();
      assertThat(kernel.known()).isEqualTo(known);
      Layout layout = store.layout(kernel.layout());
      assertThat(layout.serves(known.build())).as("%s serves %s", layout, known).isTrue();
      for (JsonNode need : wanted.path("needed")) {
        String[] parts = need.asText().split("\\.", 2);
        assertThat(layout.type(parts[0]).has(parts[1])).as("%s in %s", need, layout).isTrue();
      }
      if (known.rvas() > 0) {
        for (JsonNode symbol : wanted.path("neededSymbols")) {
          assertThat(kernel.rva(symbol.asText())).as("%s of %s", symbol, known).isPresent();
        }
        assertThat(kernel.rvas().values()).allMatch(rva -> rva > 0 && rva < 32 << 20);
      }
    }
  }

  @Test
  void layouts_areAllUsed_differ_andNameTheirSource() {
    Set<String> used = new HashSet<>();
    store.shippedKernels().forEach(kernel -> used.add(kernel.layout()));
    assertThat(store.layouts()).extracting(Layout::name).containsExactlyInAnyOrderElementsOf(used);
    assertThat(new HashSet<>(store.layouts().stream().map(Layout::types).toList()))
        .hasSameSizeAs(store.layouts());
    assertThat(store.layouts()).noneMatch(layout -> layout.source().isBlank());
  }

  @Test
  void shippedData_areMadeByTheStructuresFileAsItIsNow() throws IOException {
    JsonNode index = json("index.json");
    assertThat(index.path("selection").asText())
        .as("structures.json was changed: run scanner/tools/make-symbols")
        .isEqualTo(SymbolImport.selfContained(folder).selection());
  }

  @Test
  void versionsOfKernels_areThoseOfTheirBuild() {
    assertThat(store.shippedKernels())
        .extracting(KnownKernel::build)
        .containsOnly(7601, 9600, 14393, 17763, 18362, 19041, 20348, 22000);
    assertThat(List.copyOf(store.shippedKernels())).isSortedAccordingTo(KnownKernel.ORDER);
  }

  private static JsonNode structures() throws IOException {
    return json("structures.json");
  }

  private static JsonNode json(String file) throws IOException {
    try (InputStream in = SymbolStore.class.getResourceAsStream(file)) {
      return new ObjectMapper().readTree(in);
    }
  }
}
