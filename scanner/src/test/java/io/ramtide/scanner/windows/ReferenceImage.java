package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
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
import org.apache.avro.specific.SpecificRecord;

/**
 * A peer-confirmed image of the folder -Dramtide.images, decoded. A test that asks for one is
 * skipped where that folder does not exist.
 */
final class ReferenceImage {
  private static final Path IMAGES =
      Path.of(System.getProperty("ramtide.images", "../../shared/images"));

  final Analysis analysis;
  final List<SpecificRecord> findings = new ArrayList<>();
  private final Path images;

  /**
   * @param folder for the unpacked image
   */
  ReferenceImage(String image, Path folder, What... wanted) throws IOException {
    images = IMAGES.resolve(image);
    assumeThat(images).as("no reference images: -Dramtide.images=%s", IMAGES).isDirectory();
    boolean isRaw = Files.exists(images.resolve("ram.raw.zst"));
    Path raw = folder.resolve(isRaw ? "ram.raw" : "snap.elf");
    try (InputStream packed = Files.newInputStream(images.resolve(raw.getFileName() + ".zst"));
        InputStream unpacked = new ZstdInputStream(new BufferedInputStream(packed))) {
      Files.copy(unpacked, raw);
    }
    TestMemory memory = isRaw ? TestMemory.raw(raw) : TestMemory.elfCore(raw);
    analysis = new WindowsAnalyzer().analyze(memory, Set.of(wanted), findings::add);
  }

  JsonNode json(String file) throws IOException {
    return new ObjectMapper().readTree(images.resolve(file).toFile());
  }

  <T> List<T> all(Class<T> kind) {
    return findings.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The images have addresses as unsigned decimals. */
  static long number(JsonNode json) {
    return json.bigIntegerValue().longValue();
  }
}
