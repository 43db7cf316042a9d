package io.ramtide.scanner.symbols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramtide.scanner.symbols.isf.SymbolImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportedSymbolsTest {
  private static final String GUID = "00112233445566778899AABBCCDDEE01";
  private static final PdbId PDB = new PdbId("ntkrnlmp.pdb", GUID, 1);

  @TempDir Path folder;
  private String selection;

  @BeforeEach
  void read() throws IOException {
    selection = SymbolImport.selfContained(folder).selection();
  }

  @Test
  void folderThatDoesNotExist_addsNothing() {
    assertThat(SymbolStore.with(folder.resolve("none"))).isSameAs(SymbolStore.shipped());
  }

  @Test
  void importedKernel_isKnownBesideThoseThatShip() throws IOException {
    write(GUID, 1, "win10-19041", Map.of("PsActiveProcessHead", 0x1234L));
    SymbolStore store = SymbolStore.with(folder);

    assertThat(store.kernel(PDB).orElseThrow().rva("PsActiveProcessHead")).hasValue(0x1234);
    assertThat(store.layout("win10-19041")).isSameAs(SymbolStore.shipped().layout("win10-19041"));
    assertThat(store.kernel(new PdbId("", "339E74133576439CBCDF7E0229DA3773", 1))).isPresent();
    assertThat(store.warnings()).isEmpty();
  }

  @Test
  void kernelThatShipsAndWasImported_isTheImportedOne() throws IOException {
    write("339E74133576439CBCDF7E0229DA3773", 1, "win7sp1-4f8", Map.of("KiWaitNever", 7L));

    KernelSymbols kernel =
        SymbolStore.with(folder)
            .kernel(new PdbId("", "339E74133576439CBCDF7E0229DA3773", 1))
            .orElseThrow();
    assertThat(kernel.rvas()).isEqualTo(Map.of("KiWaitNever", 7L));
  }

  @Test
  void dataOfAnotherVersion_areNotUsed_andThatIsSaid() throws IOException {
    write(GUID, 1, "win10-19041", Map.of());
    Path index = folder.resolve("index.json");
    Files.writeString(index, Files.readString(index).replace(selection, "0123456789abcdef"));

    SymbolStore store = SymbolStore.with(folder);
    assertThat(store.kernel(PDB)).isEmpty();
    assertThat(store.warnings())
        .singleElement()
        .asString()
        .contains(folder.toString(), "another version", "again");
  }

  @Test
  void dataThatNameALayoutNobodyHas_areNotUsed() throws IOException {
    write(GUID, 1, "win10-1", Map.of());
    assertThat(SymbolStore.with(folder).warnings()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"win10-19041, ../../secret", "GUID-1, ../GUID-1", "10.0.19041.1, 10.0"})
  void indexWithWhatIsNoName_isRefused(String good, String bad) throws IOException {
    write(GUID, 1, "win10-19041", Map.of());
    Path index = folder.resolve("index.json");
    Files.writeString(index, Files.readString(index).replace(good.replace("GUID", GUID), bad));

    assertThatThrownBy(() -> SymbolStore.with(folder))
        .isInstanceOf(SymbolDataException.class)
        .hasMessageContaining("index.json")
        .hasMessageContaining("import its tables again");
  }

  @Test
  void damagedRvas_areRefusedWhenAskedFor() throws IOException {
    write(GUID, 1, "win10-19041", Map.of("KiWaitNever", 7L));
    Files.writeString(folder.resolve("rvas/win10-19041.json"), "{\"symbols\": \"A\"}");
    SymbolStore store = SymbolStore.with(folder);

    assertThatThrownBy(() -> store.kernel(PDB)).isInstanceOf(SymbolDataException.class);
  }

  private void write(String guid, int age, String layout, Map<String, Long> rvas)
      throws IOException {
    SymbolData data = new SymbolData();
    data.add(new KernelSymbols(guid, age, "10.0.19041.1", layout, rvas));
    data.write(folder, selection, List.of());
  }
}
