package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.ThreadFinding;
import io.ramtide.schemas.View;
import io.ramtide.testkit.GroundTruth;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.truth.ThreadTruth;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads and views of processes, on guests of every build whose truth is known. */
class SimulatedThreadsTest {
  private static final long RAM = 96L << 20;

  @TempDir Path temp;

  private final List<SpecificRecord> findings = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {7601, 9600, 14393, 17763, 19041, 22000})
  void livedGuest_isReadAsItIs(int build) throws IOException {
    SimulatedGuest guest = SimulatedGuest.ofBuild(build, 3).ram(RAM).boot();
    int shell = guest.start("cmd.exe", 4);
    int ended = guest.start("ended.exe", shell);
    int hidden = guest.start("hidden.exe", shell);
    guest.advance(Duration.ofSeconds(2));
    guest.unlink(hidden);
    guest.exitStillLinked(ended);
    GroundTruth truth = guest.truth();
    Path file = temp.resolve("guest.raw");
    guest.snapshot().writeRaw(file);

    new WindowsAnalyzer()
        .analyze(TestMemory.raw(file), Set.of(What.processes, What.threads), findings::add);

    assertThat(all(ThreadFinding.class).map(SimulatedThreadsTest::row))
        .containsExactlyInAnyOrderElementsOf(
            truth.threads().stream().map(SimulatedThreadsTest::row).toList());
    assertThat(views(hidden))
        .contains(View.poolScan, View.threadOwners, View.cidTable)
        .doesNotContain(View.activeList);
    assertThat(views(ended)).doesNotContain(View.sessionList, View.handleTableList);
    assertThat(views(shell))
        .contains(View.activeList, View.cidTable, View.threadOwners, View.handleTableList);
  }

  private List<View> views(int pid) {
    return all(ProcessFinding.class)
        .filter(process -> process.getPid() == pid)
        .findFirst()
        .orElseThrow()
        .getSeenBy();
  }

  private <T> java.util.stream.Stream<T> all(Class<T> type) {
    return findings.stream().filter(type::isInstance).map(type::cast);
  }

  private static String row(ThreadTruth thread) {
    return row(
        thread.tid(),
        thread.pid(),
        thread.createTime(),
        thread.exitTime(),
        thread.startAddress(),
        thread.state(),
        thread.tebVa(),
        thread.objectVa(),
        thread.objectGpa(),
        thread.listed());
  }

  private static String row(ThreadFinding thread) {
    return row(
        thread.getTid(),
        thread.getPid(),
        thread.getCreateTime(),
        Objects.requireNonNullElse(thread.getExitTime(), 0L),
        thread.getStartAddress(),
        thread.getState(),
        Objects.requireNonNullElse(thread.getTebVa(), 0L),
        thread.getObjectVa(),
        thread.getObjectGpa(),
        thread.getSeenBy().contains(View.threadList));
  }

  private static String row(
      long tid,
      long pid,
      long created,
      long exited,
      long start,
      String state,
      long teb,
      long va,
      long gpa,
      boolean listed) {
    return "%d.%d %d-%d from %x %s teb %x at %x %x listed %b"
        .formatted(pid, tid, created, exited, start, state, teb, va, gpa, listed);
  }
}
