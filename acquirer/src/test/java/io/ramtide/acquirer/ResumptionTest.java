package io.ramtide.acquirer;

import static io.ramtide.acquirer.Fixture.DOMAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramtide.acquirer.Fixture.FakeRam;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumptionTest {
  @TempDir Path folder;
  private Fixture fixture;

  @BeforeEach
  void connect() throws Exception {
    fixture = new Fixture(folder, 64);
  }

  @Test
  void finishedSequence_isNotCapturedAgain() throws Exception {
    assertThat(captureAll("a", "b", "c")).containsExactly(1L, 2L, 3L);
    int sent = fixture.producer.history().size();
    fixture.restart();
    assertThat(captureAll("a", "b", "c")).containsExactly(1L, 2L, 3L);
    assertThat(captureAll("b", "c")).containsExactly(2L, 3L);
    assertThat(captureAll("a", "b")).containsExactly(1L, 2L);
    assertThat(fixture.producer.history()).hasSize(sent);
  }

  @Test
  void unfinishedSequence_isContinued() throws Exception {
    captureAll("x", "a", "b");
    fixture.restart();
    assertThat(captureAll("a", "b", "c", "d")).containsExactly(2L, 3L, 4L, 5L);
  }

  @Test
  void captureThatDiedWithoutManifest_isMadeAgain() throws Exception {
    captureAll("a");
    fixture.producer.failAtSend = fixture.producer.history().size() + 1;
    assertThatThrownBy(() -> captureAll("a", "b")).isInstanceOf(CaptureException.class);
    fixture.restart();
    assertThat(captureAll("a", "b")).containsExactly(1L, 2L);
    assertThat(fixture.records(Topics.CAPTURES)).hasSize(2);
  }

  @Test
  void otherOrderOrOtherFile_isCaptured() throws Exception {
    captureAll("a", "b");
    assertThat(captureAll("b", "a")).containsExactly(2L, 3L);
    FakeRam changed = source("a");
    changed.modifiedAt = OptionalLong.of(2);
    assertThat(all(List.of(changed))).containsExactly(4L);
    FakeRam live = source("live");
    live.modifiedAt = OptionalLong.empty();
    assertThat(all(List.of(live))).containsExactly(5L);
    assertThat(all(List.of(live))).containsExactly(6L);
  }

  private List<Long> captureAll(String... names) throws CaptureException {
    List<MemorySource> sources = new ArrayList<>();
    for (String name : names) {
      sources.add(source(name));
    }
    return all(sources);
  }

  private List<Long> all(List<MemorySource> sources) throws CaptureException {
    return fixture.acquirer.captureAll(DOMAIN, Optional.empty(), sources, Progress.NONE);
  }

  private static FakeRam source(String name) {
    FakeRam ram = FakeRam.ofFrames(4).put(1, CaptureTest.page(name.hashCode()));
    ram.name = name;
    return ram;
  }
}
