package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.paging.PteState;
import io.ramtide.scanner.paging.Translation;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.kernel.Kernel;
import io.ramtide.scanner.windows.kernel.KernelFinder;
import io.ramtide.scanner.windows.scan.GuestScan;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every page whose state the truth of a reference image names, read through its process. */
class ReferencePageStatesTest {
  private static final Path IMAGES =
      Path.of(System.getProperty("ramtide.images", "../../shared/images"));

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void everyPage_isInItsStateAndPlace(String image) throws IOException {
    Path images = IMAGES.resolve(image);
    assumeThat(images).as("no reference images: -Dramtide.images=%s", IMAGES).isDirectory();
    JsonNode truth = new ObjectMapper().readTree(images.resolve("truth.json").toFile());
    Guest guest = guest(unpacked(images));
    List<String> expected = new ArrayList<>();
    List<String> found = new ArrayList<>();
    for (JsonNode process : truth.path("processes")) {
      AddressSpace space = guest.space(process.path("dtb").asLong());
      for (JsonNode page : process.path("page_states")) {
        long va = page.path("va").asLong();
        expected.add(line(process, va, expected(page)));
        found.add(line(process, va, found(space.locate(va))));
      }
    }
    assertThat(expected).hasSizeGreaterThan(40);
    assertThat(found).isEqualTo(expected);
  }

  private static String line(JsonNode process, long va, String what) {
    return "%s 0x%x %s".formatted(process.path("name").asText(), va, what);
  }

  private static String expected(JsonNode page) {
    String state = page.path("state").asText();
    if (state.equals("pagefile")) {
      return "page in pagefile %d at 0x%x (PTE)"
          .formatted(
              page.path("pagefile").asInt(),
              page.path("pagefile_offset").asLong() * PhysicalMemory.FRAME_BYTES);
    }
    return page.path("gpa").isIntegralNumber()
        ? "%s at 0x%x".formatted(state, page.path("gpa").asLong())
        : state;
  }

  private static String found(Translation where) {
    if (where instanceof Translation.Mapped mapped) {
      boolean isValid = mapped.how() == PteState.VALID;
      String direct = isValid ? "valid" : "transition";
      String shared = isValid ? "prototype" : "prototype-transition";
      return "%s at 0x%x".formatted(mapped.isShared() ? shared : direct, mapped.gpa());
    }
    return where instanceof Translation.Zeros ? "demandzero" : where.text();
  }

  private static Guest guest(TestMemory memory) {
    SymbolStore symbols = SymbolStore.shipped();
    GuestScan scan = GuestScan.of(memory, symbols);
    FrameReader frames = new FrameReader(memory);
    Kernel kernel = new KernelFinder(scan, frames, symbols).find().orElseThrow();
    Layout layout = symbols.layout(kernel.symbols().orElseThrow().layout());
    return new Guest(kernel, layout, scan, frames);
  }

  private TestMemory unpacked(Path images) throws IOException {
    Path target = folder.resolve("ram.raw");
    try (InputStream packed = Files.newInputStream(images.resolve("ram.raw.zst"));
        InputStream unpacked = new ZstdInputStream(new BufferedInputStream(packed))) {
      Files.copy(unpacked, target);
    }
    return TestMemory.raw(target);
  }
}
