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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/** One image of the folder -Dramtide.images, with its truth and what peers say of it. */
final class ReferenceImage {
  private static final long UNIX_EPOCH = 116_444_736_000_000_000L;
  private static final Path IMAGES =
      Path.of(System.getProperty("ramtide.images", "../../shared/images"));

  private final Path folder;
  private final PhysicalMemory memory;
  private final List<SpecificRecord> kept = new ArrayList<>();
  private Analysis analysis;

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

  /** Opens an image and keeps what it shows. */
  static ReferenceImage decoded(String image, Path scratch, What... wanted) throws IOException {
    ReferenceImage opened = open(image, scratch);
    opened.analysis = opened.analyze(Set.of(wanted), opened.kept::add);
    return opened;
  }

  /** Of a decoded image. */
  Analysis analysis() {
    return analysis;
  }

  /** Findings of one type, of a decoded image. */
  <T> List<T> all(Class<T> type) {
    return kept.stream().filter(type::isInstance).map(type::cast).toList();
  }

  JsonNode json(String file) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(file).toFile());
  }

  JsonNode truth() throws IOException {
    return json("truth.json");
  }

  /** What is known of an image that is real, not made. */
  JsonNode facts() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("facts.json").toFile());
  }

  /** What a peer printed, byte by byte. */
  String text(String file) throws IOException {
    return Files.readString(folder.resolve(file), StandardCharsets.ISO_8859_1);
  }

  /** Rows of a plugin of Volatility 3. */
  JsonNode volatility(String plugin) throws IOException {
    return json("peers/vol3." + plugin + ".json");
  }

  /** Findings of one type. */
  <T extends SpecificRecord> List<T> findings(What what, Class<T> type) {
    List<T> findings = new ArrayList<>();
    analyze(
        Set.of(what),
        finding -> {
          if (type.isInstance(finding)) {
            findings.add(type.cast(finding));
          }
        });
    return findings;
  }

  PhysicalMemory memory() {
    return memory;
  }

  Analysis analyze(Set<What> wanted, Consumer<SpecificRecord> findings) {
    return new WindowsAnalyzer().analyze(memory, wanted, findings);
  }

  /**
   * Address of an object as scans of Volatility print it: up to Windows 8.1 physical, else its
   * virtual one without sign extension.
   */
  static long offset(String image, long va, long gpa) {
    return image.startsWith("win7") ? gpa : va & 0xffff_ffff_ffffL;
  }

  /** A time as peers print it: to the second. */
  static Instant second(long fileTime) {
    return Instant.ofEpochSecond((fileTime - UNIX_EPOCH) / 10_000_000);
  }

  /** Truth has addresses as unsigned decimals. */
  static long number(JsonNode json) {
    return json.bigIntegerValue().longValue();
  }
}
