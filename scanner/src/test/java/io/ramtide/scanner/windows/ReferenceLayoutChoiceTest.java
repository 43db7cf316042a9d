package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.github.luben.zstd.ZstdInputStream;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.schemas.SymbolMatch;
import io.ramtide.schemas.SystemFinding;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernels of the reference images, made unknown by a change of their GUID or build. */
class ReferenceLayoutChoiceTest {
  private static final Path IMAGES =
      Path.of(System.getProperty("ramtide.images", "../../shared/images"));

  private static final int RSDS = 0x5344_5352;
  private static final int FRAME = 1 << 12;

  /** Places in KUSER_SHARED_DATA: NtBuildNumber, and NtMajorVersion with NtMinorVersion. */
  private static final int BUILD = 0x260;

  private static final int VERSION = 0x26c;

  @TempDir Path folder;

  @Test
  void unknownWindows7_isToldApartFromTheOtherLayoutsOfItsBuild() throws IOException {
    SystemFinding system = analyze("win7sp1-reference", 0x4133_5765, 0).system().orElseThrow();

    assertThat(system.getSymbolTable()).isEqualTo("win7sp1-4f8");
    assertThat(system.getSymbolMatch()).isEqualTo(SymbolMatch.approximate);
    assertThat(system.getSymbolMatchReason())
        .contains("best of 3 layouts for build 7601", "token 32 of 32", "handle table 30 of 30")
        .contains("ramtide symbols import ntkrnlmp.pdb/")
        .doesNotContain("fits as well");
  }

  @Test
  void unknownWindows10_namesWhatNoCheckSaw() throws IOException {
    SystemFinding system = analyze("win10-19041-reference", 0, 0).system().orElseThrow();

    assertThat(system.getSymbolTable()).startsWith("win10-19041");
    assertThat(system.getSymbolMatchReason())
        .contains("fits as well and differs in MI_SYSTEM_INFORMATION");
  }

  @Test
  void buildWithoutTable_isReadByItsNeighbour_andThatCannotBeOverlooked() throws IOException {
    SystemFinding system = analyze("win10-19041-reference", 0, 18_950).system().orElseThrow();

    assertThat(system.getBuild()).isEqualTo(18_950);
    assertThat(system.getSymbolMatch()).isEqualTo(SymbolMatch.approximate);
    assertThat(system.getSymbolMatchReason())
        .contains("nor is its build 18950")
        .contains("another build (19041 to 19045)", "may be wrong");
  }

  @Test
  void buildWhoseNeighboursDoNotFit_isUnsupported_withTheCommandToRun() throws IOException {
    Analysis analysis = analyze("win10-19041-reference", 0, 15_063);

    assertThat(analysis.system()).isEmpty();
    assertThat(analysis.detail().orElseThrow())
        .contains("15063", "no symbol table serves this build")
        .contains("import its table: ramtide symbols import ntkrnlmp.pdb/");
  }

  /** Overwrites the first bytes of kernels' GUIDs, and the build unless it is 0. */
  private Analysis analyze(String image, int guid, int build) throws IOException {
    Path packed = IMAGES.resolve(image).resolve("ram.raw.zst");
    assumeThat(packed).as("no reference images: -Dramtide.images=%s", IMAGES).exists();
    Path raw = folder.resolve("ram.raw");
    try (InputStream in =
        new ZstdInputStream(new BufferedInputStream(Files.newInputStream(packed)))) {
      Files.copy(in, raw);
    }
    try (FileChannel file =
        FileChannel.open(raw, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer ram = file.map(FileChannel.MapMode.READ_WRITE, 0, file.size());
      ram.order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at + FRAME <= ram.limit(); at += FRAME) {
        change(ram, at, guid, build);
      }
    }
    return new WindowsAnalyzer().analyze(TestMemory.raw(raw));
  }

  private static void change(MappedByteBuffer ram, int frame, int guid, int build) {
    for (int at = frame; at < frame + FRAME; at += Integer.BYTES) {
      if (ram.getInt(at) == RSDS) {
        ram.putInt(at + Integer.BYTES, guid);
      }
    }
    boolean isShared =
        ram.getInt(frame + VERSION) == 10
            && ram.getInt(frame + VERSION + Integer.BYTES) == 0
            && (ram.getInt(frame + BUILD) & 0xffff) == 19041;
    if (build != 0 && isShared) {
      ram.putInt(frame + BUILD, build);
    }
  }
}
