package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.ThreadFinding;
import io.ramtide.schemas.View;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads of the images of the folder -Dramtide.images, if it exists. */
class ReferenceThreadsTest {
  private static final Path IMAGES =
      Path.of(System.getProperty("ramtide.images", "../../shared/images"));

  @TempDir Path folder;

  private final List<SpecificRecord> findings = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void threads_areThoseOfTheTruth(String image) throws IOException {
    JsonNode truth = json(image, "truth.json");

    Analysis analysis = analyze(TestMemory.raw(unpacked(image, "ram.raw")));

    assertThat(analysis.coverage())
        .extracting(Coverage::getStatus)
        .containsOnly(CoverageStatus.complete);
    List<String> expected = new ArrayList<>();
    for (JsonNode process : truth.path("processes")) {
      process.path("threads").forEach(thread -> expected.add(line(process, thread, truth)));
    }
    assertThat(threads().stream().map(ReferenceThreadsTest::line))
        .containsExactlyInAnyOrderElementsOf(expected);
    for (ProcessFinding process : analysis.processes()) {
      assertThat(process.getThreadCount())
          .as(process.getImageName())
          .isEqualTo(process.getActiveThreads());
    }
    assertThat(sessions(analysis)).isEqualTo(sessions(truth));
  }

  /** Every fact of a thread that the truth has, in one line for readable differences. */
  private static String line(JsonNode process, JsonNode thread, JsonNode truth) {
    boolean freed = process.path("freed").asBoolean();
    List<View> views = new ArrayList<>(List.of(View.poolScan));
    if (thread.path("linked").asBoolean()) {
      views.addAll(List.of(View.threadList, View.schedulerList));
    }
    if (!freed && !thread.path("terminated").asBoolean()) {
      views.add(1, View.cidTable);
    }
    long start = number(thread.path("win32_start"));
    boolean exited = process.path("exited").asBoolean();
    return line(
        thread.path("tid").asLong(),
        thread.path("pid").asLong(),
        number(process.path("eprocess_va")),
        number(thread.path("ethread_va")),
        number(thread.path("ethread_gpa")),
        number(thread.path("create_time")),
        number(thread.path("exit_time")),
        start,
        start < 0 ? module(truth.path("modules"), start) : module(process.path("modules"), start),
        exited && start >= 0 ? "its process has exited" : null,
        number(thread.path("teb")),
        thread.path("terminated").asBoolean(),
        views);
  }

  private static String module(JsonNode modules, long va) {
    for (JsonNode module : modules) {
      long base = number(module.has("base_va") ? module.path("base_va") : module.path("base"));
      if (va >= base && va - base < number(module.path("size"))) {
        return module.path("name").asText();
      }
    }
    return null;
  }

  private static String line(ThreadFinding thread) {
    return line(
        thread.getTid(),
        thread.getPid(),
        thread.getProcessVa(),
        thread.getObjectVa(),
        thread.getObjectGpa(),
        thread.getCreateTime(),
        Objects.requireNonNullElse(thread.getExitTime(), 0L),
        thread.getStartAddress(),
        thread.getStartModule(),
        thread.getStartModuleStatus(),
        Objects.requireNonNullElse(thread.getTebVa(), 0L),
        "terminated".equals(thread.getState()),
        thread.getSeenBy());
  }

  private static String line(
      long tid,
      long pid,
      long process,
      long va,
      long gpa,
      long created,
      long exited,
      long start,
      String module,
      String status,
      long teb,
      boolean terminated,
      List<View> views) {
    return "%d.%d of %x at %x %x %d-%d from %x %s (%s) teb %x %b %s"
        .formatted(
            pid,
            tid,
            process,
            va,
            gpa,
            created,
            exited,
            start,
            module,
            status,
            teb,
            terminated,
            views);
  }

  private static List<String> sessions(Analysis analysis) {
    return analysis.processes().stream()
        .map(process -> process.getPid() + " " + process.getSessionId() + " " + process.getPebVa())
        .toList();
  }

  private static List<String> sessions(JsonNode truth) {
    List<String> sessions = new ArrayList<>();
    for (JsonNode process : truth.path("processes")) {
      long peb = number(process.path("peb"));
      sessions.add(
          "%d %s %s"
              .formatted(
                  process.path("pid").asLong(),
                  process.path("session").asText(),
                  peb == 0 ? null : peb));
    }
    return sessions;
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void threads_areThoseOfVolatility(String image) throws IOException {
    analyze(TestMemory.raw(unpacked(image, "ram.raw")));

    assertThat(rows(thread -> true)).isEqualTo(rows(json(image, "peers/vol3.thrdscan.json")));
    assertThat(rows(thread -> thread.getSeenBy().contains(View.threadList)))
        .isEqualTo(rows(json(image, "peers/vol3.threads.json")));
  }

  private Set<String> rows(Predicate<ThreadFinding> filter) {
    Set<String> rows = new TreeSet<>();
    threads().stream()
        .filter(filter)
        .forEach(thread -> rows.add(thread.getPid() + "." + thread.getTid()));
    return rows;
  }

  private static Set<String> rows(JsonNode volatility) {
    Set<String> rows = new TreeSet<>();
    volatility.forEach(row -> rows.add(row.path("PID").asLong() + "." + row.path("TID").asLong()));
    return rows;
  }

  /** Its columns: offset, name, PID, pslist, psscan, thrdproc, pspcid, csrss, session, ... */
  @Test
  void views_areThoseOfVolatility2() throws IOException {
    String image = "win7sp1-reference";
    Analysis analysis = analyze(TestMemory.raw(unpacked(image, "ram.raw")));

    Set<String> expected = new TreeSet<>();
    Path table = existing(image).resolve("peers/vol2.psxview.txt");
    for (String row : Files.readAllLines(table)) {
      String[] columns = row.trim().split(" +");
      if (row.startsWith("0x")) {
        expected.add(String.join(" ", List.of(columns).subList(2, 9)));
      }
    }
    Set<String> actual = new TreeSet<>();
    for (ProcessFinding process : analysis.processes()) {
      List<View> views = process.getSeenBy();
      // Volatility leaves out the threads that ended.
      boolean runs = views.contains(View.threadOwners) && process.getThreadCount() > 0;
      actual.add(
          process.getPid()
              + column(views.contains(View.activeList))
              + column(views.contains(View.poolScan))
              + column(runs)
              + column(views.contains(View.cidTable))
              + column(views.contains(View.csrssHandles))
              + column(views.contains(View.sessionList)));
    }
    assertThat(actual).isEqualTo(expected);
  }

  private static String column(boolean has) {
    return has ? " True" : " False";
  }

  @Test
  void realPartialSnapshot_givesTheCurrentThreadAndEveryOther() throws IOException {
    String image = "win10-17763-partial";
    JsonNode facts = json(image, "facts.json");
    PhysicalMemory memory = TestMemory.elfCore(unpacked(image, "snap.elf"));

    analyze(memory);

    ThreadFinding current =
        threads().stream()
            .filter(thread -> "running".equals(thread.getState()))
            .findFirst()
            .orElseThrow();
    assertThat(current.getObjectVa()).isEqualTo(hex(facts.at("/kpcr/current_thread")));
    assertThat(current.getProcessVa()).isEqualTo(hex(facts.at("/kpcr/current_process")));
    assertThat(current.getPid()).isEqualTo(7088);
    assertThat(current.getSeenBy())
        .containsExactly(View.poolScan, View.threadList, View.schedulerList);
    Set<Long> gpas = new TreeSet<>();
    threads().forEach(thread -> gpas.add(thread.getObjectGpa()));
    assertThat(gpas).containsAll(selfReferringHeaders(memory));
  }

  /** Type 6, flags, and a wait list that points back at the same place in a page. */
  private static Set<Long> selfReferringHeaders(PhysicalMemory memory) {
    Set<Long> gpas = new TreeSet<>();
    memory.scan(
        (gpa, block) -> {
          for (int at = 0; at + 24 <= block.limit(); at += 16) {
            long list = block.getLong(at + 8);
            boolean isHeader = (block.getInt(at) & 0xffff_00ff) == 0x0020_0006;
            if (isHeader
                && list == block.getLong(at + 16)
                && list >>> 47 == 0x1ffff
                && (list & 0xfff) == (gpa + at + 8 & 0xfff)) {
              gpas.add(gpa + at);
            }
          }
          return true;
        });
    return gpas;
  }

  private static long hex(JsonNode text) {
    return Long.parseUnsignedLong(text.asText().substring(2), 16);
  }

  private List<ThreadFinding> threads() {
    return findings.stream()
        .filter(ThreadFinding.class::isInstance)
        .map(ThreadFinding.class::cast)
        .toList();
  }

  private Analysis analyze(PhysicalMemory memory) {
    return new WindowsAnalyzer()
        .analyze(memory, Set.of(What.processes, What.threads), findings::add);
  }

  /** Truth has addresses as unsigned decimals. */
  private static long number(JsonNode json) {
    return json.isNull() ? 0 : json.bigIntegerValue().longValue();
  }

  private static JsonNode json(String image, String file) throws IOException {
    return new ObjectMapper().readTree(existing(image).resolve(file).toFile());
  }

  private static Path existing(String image) {
    Path images = IMAGES.resolve(image);
    assumeThat(images).as("no reference images: -Dramtide.images=%s", IMAGES).isDirectory();
    return images;
  }

  private Path unpacked(String image, String file) throws IOException {
    Path target = folder.resolve(file);
    try (InputStream packed = Files.newInputStream(existing(image).resolve(file + ".zst"));
        InputStream unpacked = new ZstdInputStream(new BufferedInputStream(packed))) {
      Files.copy(unpacked, target);
    }
    return target;
  }
}
