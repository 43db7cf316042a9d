package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.FrameStatus;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.PhysicalRange;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.kernel.Kernel;
import io.ramtide.scanner.windows.kernel.KernelFinder;
import io.ramtide.scanner.windows.scan.GuestScan;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding the kernel in the real partial snapshot of the folder -Dramtide.images, if it exists. */
class ReferenceKernelFindingTest {
  private static final Path IMAGE =
      Path.of(System.getProperty("ramtide.images", "../../shared/images"), "win10-17763-partial");

  @TempDir Path folder;

  @Test
  void realSnapshot_isFoundByItsCr3Alone() throws IOException {
    JsonNode facts = facts();
    long cr3 = facts.at("/context_registers/cr3").asLong();
    // Whose pages no scan sees: no root that refers to itself, no process, no debugger block.
    PhysicalMemory memory = new Unscanned(snapshot(), List.of(cr3));

    Kernel kernel = kernel(memory);

    assertThat(kernel.foundBy()).contains("in a processor's CR3");
    assertThat(kernel.base()).isEqualTo(base(facts));
    assertThat(kernel.selfMapIndex()).isEqualTo(488);
    assertThat(kernel.build()).hasValue(17763);
  }

  @Test
  void realSnapshot_namesItsVariablesWithoutSymbols() throws IOException {
    JsonNode block = facts().path("kdbg");

    Kernel kernel = kernel(snapshot());

    assertThat(kernel.symbols()).isEmpty();
    for (String name : List.of("PsLoadedModuleList", "PsActiveProcessHead", "PspCidTable")) {
      assertThat(kernel.symbol(name)).as(name).hasValue(address(block, name));
    }
  }

  private static Kernel kernel(PhysicalMemory memory) {
    SymbolStore symbols = SymbolStore.shipped();
    GuestScan scan = GuestScan.of(memory, symbols);
    return new KernelFinder(scan, new FrameReader(memory), symbols).find().orElseThrow();
  }

  private static long base(JsonNode facts) {
    return address(facts.path("kdbg"), "KernBase");
  }

  private static long address(JsonNode block, String name) {
    return Long.parseUnsignedLong(block.path(name).asText().substring(2), 16);
  }

  private static JsonNode facts() throws IOException {
    Path facts = IMAGE.resolve("facts.json");
    assumeTrue(Files.exists(facts), "no reference image " + facts);
    return new ObjectMapper().readTree(facts.toFile());
  }

  private TestMemory snapshot() throws IOException {
    Path target = folder.resolve("snap.elf");
    try (InputStream packed = Files.newInputStream(IMAGE.resolve("snap.elf.zst"));
        InputStream unpacked = new ZstdInputStream(new BufferedInputStream(packed))) {
      Files.copy(unpacked, target);
    }
    return TestMemory.elfCore(target);
  }

  /** Memory that can be read, but shows nothing to a scan. */
  private record Unscanned(PhysicalMemory memory, List<Long> cr3s) implements PhysicalMemory {
    @Override
    public List<PhysicalRange> ram() {
      return memory.ram();
    }

    @Override
    public FrameStatus status(long gpa) {
      return memory.status(gpa);
    }

    @Override
    public int read(long gpa, byte[] target, int offset, int length) {
      return memory.read(gpa, target, offset, length);
    }

    @Override
    public boolean scan(BlockVisitor visitor) {
      return true;
    }
  }
}
