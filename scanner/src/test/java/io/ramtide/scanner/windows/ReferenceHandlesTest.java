package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.HandleFinding;
import io.ramtide.schemas.ProcessFinding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handles of the peer-confirmed images. */
class ReferenceHandlesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void handles_areTheTruth(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.open(image, folder);
    List<String> expected = new ArrayList<>();
    for (JsonNode process : reference.truth().path("processes")) {
      for (JsonNode handle : process.path("handles")) {
        expected.add(
            line(
                process.path("pid").asLong(),
                handle.path("handle").asLong(),
                handle.path("type").asText(),
                handle.path("name").textValue(),
                handle.path("access").asLong()));
      }
    }

    List<HandleFinding> handles = reference.findings(What.handles, HandleFinding.class);

    assertThat(handles.stream().map(ReferenceHandlesTest::line))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(handles).allMatch(handle -> handle.getNameStatus() == null);
  }

  /** Volatility gives the addresses that the truth does not; of keys it leaves out the root. */
  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void objects_areWhereVolatilitySeesThem(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.open(image, folder);
    Map<String, Long> expected = new TreeMap<>();
    for (JsonNode row : reference.volatility("handles")) {
      long offset = ReferenceImage.number(row.path("Offset"));
      expected.put(row.path("PID").asLong() + " " + row.path("HandleValue").asLong(), low(offset));
    }

    Map<String, Long> found = new TreeMap<>();
    for (HandleFinding handle : reference.findings(What.handles, HandleFinding.class)) {
      found.put(handle.getPid() + " " + handle.getHandle(), low(handle.getObjectVa()));
    }

    assertThat(found).containsAllEntriesOf(expected);
  }

  /** Volatility leaves out the sign extension of an address. */
  private static long low(long va) {
    return va & 0xffff_ffff_ffffL;
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void handleCount_isThatOfTheTruth(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.open(image, folder);

    Map<Long, Long> found = new TreeMap<>();
    for (ProcessFinding process : reference.analyze(Set.of(), finding -> {}).processes()) {
      found.put(process.getPid(), process.getHandleCount());
    }

    Map<Long, Long> expected = new TreeMap<>();
    for (JsonNode process : reference.truth().path("processes")) {
      boolean runs = process.has("handles");
      expected.put(
          process.path("pid").asLong(), runs ? (long) process.path("handles").size() : null);
    }
    assertThat(found).isEqualTo(expected);
  }

  private static String line(HandleFinding handle) {
    return line(
        handle.getPid(),
        handle.getHandle(),
        handle.getObjectType(),
        handle.getName(),
        handle.getGrantedAccess());
  }

  private static String line(long pid, long handle, String type, String name, long access) {
    return "%d 0x%x %s %s 0x%x".formatted(pid, handle, type, name, access);
  }
}
