package io.ramtide.scanner.windows;

import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.Coverage;
import io.ramtide.testkit.GroundTruth;
import io.ramtide.testkit.SimulatedGuest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/**
 * A guest of one build that lived a while, what is true of it, and all that is read from its RAM.
 * Each is made once, for all tests.
 */
final class SimulatedCase {
  private static final Map<String, SimulatedCase> MADE = new ConcurrentHashMap<>();
  private static final long RAM = 96L << 20;

  private final List<SpecificRecord> findings = new ArrayList<>();
  private final String name;
  private final TestMemory memory;
  private final GroundTruth truth;
  private final Analysis analysis;

  private SimulatedCase(String name) {
    this.name = name;
    SimulatedGuest guest = builder(name).ram(RAM).boot();
    live(guest);
    truth = guest.truth();
    try {
      Path file = Files.createTempFile("ramtide-simulated", ".raw");
      guest.snapshot().writeRaw(file);
      memory = TestMemory.raw(file);
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    analysis = new WindowsAnalyzer().analyze(memory, What.all(), findings::add);
  }

  /** Every build that is simulated, and the two earlier kernels of Windows 7. */
  static Stream<String> all() {
    return Stream.concat(Stream.of("7601-17514", "7601-23418"), exact());
  }

  /** Those whose kernel's symbols are known by its PDB GUID. */
  static Stream<String> exact() {
    return SimulatedGuest.builds().stream().map(String::valueOf);
  }

  static SimulatedCase of(String name) {
    return MADE.computeIfAbsent(name, SimulatedCase::new);
  }

  private static SimulatedGuest.Builder builder(String name) {
    return switch (name) {
      case "7601-17514" -> SimulatedGuest.windows7Rtm(11);
      case "7601-23418" -> SimulatedGuest.windows7Mid(11);
      default -> SimulatedGuest.ofBuild(Integer.parseInt(name), 11);
    };
  }

  /** Programs start and end; one hides, one is a stale object, one is still on the list. */
  private static void live(SimulatedGuest guest) {
    int shell =
        guest.start("cmd.exe", 4, "C:\\Windows\\System32\\cmd.exe", "cmd.exe /c \"wh oami\"");
    int tool = guest.start("whoami.exe", shell);
    guest.advance(Duration.ofSeconds(2));
    guest.exit(tool);
    guest.free(tool);
    guest.unlink(guest.start("hidden.exe", shell));
    guest.exitStillLinked(guest.start("ended.exe", shell));
    guest.advance(Duration.ofSeconds(2));
  }

  GroundTruth truth() {
    return truth;
  }

  TestMemory memory() {
    return memory;
  }

  Analysis analysis() {
    return analysis;
  }

  /** Whether service tables and callbacks can be found in it. */
  boolean hasSymbols() {
    return !name.contains("-");
  }

  /** Findings of one type. */
  <T> Stream<T> found(Class<T> type) {
    return findings.stream().filter(type::isInstance).map(type::cast);
  }

  /** What is said of a kind as a whole. */
  Coverage coverage(What what) {
    return analysis.coverage().stream()
        .filter(coverage -> coverage.getKind().equals(what.name()))
        .findFirst()
        .orElseThrow();
  }
}
