package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.windows.guest.What;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/** One image of the folder -Dramtide.images, with its truth and what peers say of it. */
final class ReferenceImage {
  private static final Path IMAGES =
      Path.of(System.getProperty("ramtide.images", "../../shared/images"));

  private final Path folder;
  private final PhysicalMemory memory;

  private ReferenceImage(Path folder, PhysicalMemory memory) {
    this.folder = folder;
    this.memory = memory;
  }

  /** Skips the test where the image is not there. */
  static ReferenceImage open(String image, Path scratch) throws IOException {
    Path folder = IMAGES.resolve(image);
    assumeThat(folder).as("no reference images: -Dramtide.images=%s", IMAGES).isDirectory();
    boolean isRaw = Files.exists(folder.resolve("ram.raw.zst"));
    String file = isRaw ? "ram.raw" : "snap.elf";
    Path target = scratch.resolve(file);
    try (InputStream packed = Files.newInputStream(folder.resolve(file + ".zst"));
        InputStream unpacked = new ZstdInputStream(new BufferedInputStream(packed))) {
      Files.copy(unpacked, target);
    }
    return new ReferenceImage(folder, isRaw ? TestMemory.raw(target) : TestMemory.elfCore(target));
  }

  JsonNode truth() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("truth.json").toFile());
  }

  /** What is known of an image that is real, not made. */
  JsonNode facts() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("facts.json").toFile());
  }

  /** Rows of a plugin of Volatility 3. */
  JsonNode volatility(String plugin) throws IOException {
    Path file = folder.resolve("peers").resolve("vol3." + plugin + ".json");
    return new ObjectMapper().readTree(file.toFile());
  }

  /** Findings of one type. */
  <T extends SpecificRecord> List<T> findings(What what, Class<T> type) {
    List<T> findings = new ArrayList<>();
    analyze(Set.of(what), finding -> findings.add(type.cast(finding)));
    return findings;
  }

  Analysis analyze(Set<What> wanted, Consumer<SpecificRecord> findings) {
    return new WindowsAnalyzer().analyze(memory, wanted, findings);
  }

  /** Truth has addresses as unsigned decimals. */
  static long number(JsonNode json) {
    return json.bigIntegerValue().longValue();
  }
}
