package io.ramtide.correlator;

import static io.ramtide.correlator.Samples.DOMAIN;
import static io.ramtide.correlator.Samples.noon;
import static io.ramtide.correlator.Samples.process;
import static io.ramtide.correlator.Samples.unlinked;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EcsTest {
  @TempDir private Path state;
  private Harness harness;

  @BeforeEach
  void open() {
    harness = new Harness(state);
  }

  @AfterEach
  void close() {
    harness.close();
  }

  private JsonNode document(int index) {
    return harness.siem().get(index);
  }

  private static void has(JsonNode document, String pointer, String value) {
    assertThat(document.at(pointer).asText()).as(pointer).isEqualTo(value);
  }

  private static void hasNot(JsonNode document, String pointer) {
    assertThat(document.at(pointer).isMissingNode()).as(pointer + " is absent").isTrue();
  }

  @Test
  void started_isAStartEvent() {
    harness.capture(1, 0, process(1234, "cmd.exe", noon(-9)));

    JsonNode document = document(0);
    has(document, "/@timestamp", "2026-01-02T11:59:51.0000000Z");
    has(document, "/ecs/version", "8.17.0");
    has(document, "/message", "cmd.exe (PID 1234) started");
    has(document, "/event/kind", "event");
    has(document, "/event/category/0", "process");
    has(document, "/event/type/0", "start");
    has(document, "/event/action", "process-started");
    has(document, "/event/module", "ramtide");
    has(document, "/event/dataset", "ramtide.process");
    hasNot(document, "/event/start");
    hasNot(document, "/event/end");
    hasNot(document, "/event/severity");
    assertThat(document.at("/event/id").asText()).matches("[0-9a-f]{32}");
    assertThat(document.at("/process/pid").isIntegralNumber()).isTrue();
    has(document, "/process/pid", "1234");
    has(document, "/process/parent/pid", "4");
    has(document, "/process/name", "cmd.exe");
    has(document, "/process/start", "2026-01-02T11:59:51.0000000Z");
    hasNot(document, "/process/end");
    assertThat(document.at("/process/entity_id").asText()).matches("[0-9a-f]{32}");
    has(document, "/host/id", DOMAIN);
    has(document, "/host/os/type", "windows");
    has(document, "/host/os/kernel", "7601");
    has(document, "/ramtide/capture", "1");
    has(document, "/ramtide/object_gpa", "0x3f4d2000");
    has(document, "/ramtide/object_va", "0xfffffa80004d2000");
    has(document, "/ramtide/seen_by/0", "activeList");
    has(document, "/ramtide/seen_by/1", "poolScan");
    has(document, "/tags/0", "ramtide");
    assertThat(harness.records(Topics.SIEM).get(0).key())
        .isEqualTo(DOMAIN.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void exited_isAnEndEvent() {
    harness.capture(1, 0, process(8, "cmd.exe", noon(-9)).setExitTime(noon(-5)));

    JsonNode document = document(1);
    has(document, "/@timestamp", "2026-01-02T11:59:55.0000000Z");
    has(document, "/event/type/0", "end");
    has(document, "/event/action", "process-exited");
    has(document, "/process/end", "2026-01-02T11:59:55.0000000Z");
  }

  @Test
  void disappeared_isAnInfoEventWithItsInterval() {
    harness.capture(1, 0, process(8, "cmd.exe", noon(-9)));
    harness.capture(2, 60);

    JsonNode document = document(1);
    has(document, "/@timestamp", "2026-01-02T12:01:00.0000000Z");
    has(document, "/event/type/0", "info");
    has(document, "/event/action", "process-disappeared");
    has(document, "/event/start", "2026-01-02T12:00:00.0000000Z");
    has(document, "/event/end", "2026-01-02T12:01:00.0000000Z");
    has(document, "/ramtide/capture", "2");
    has(document, "/ramtide/evidence_capture", "1");
  }

  @Test
  void appeared_isAnInfoEventWithItsInterval() {
    harness.capture(1, 0);
    harness.capture(2, 60, process(8, "old.exe", noon(-100)));

    has(document(0), "/event/type/0", "info");
    has(document(0), "/event/action", "process-appeared");
    has(document(0), "/event/start", "2026-01-02T12:00:00.0000000Z");
    has(document(0), "/process/start", "2026-01-02T11:58:20.0000000Z");
  }

  @Test
  void anomaly_isAnAlert() {
    harness.capture(1, 0, process(1234, "evil.exe", noon(-9)));
    harness.capture(2, 60, unlinked(1234, "evil.exe", noon(-9)));

    JsonNode document = document(1);
    has(document, "/event/kind", "alert");
    has(document, "/event/category/0", "process");
    has(document, "/event/type/0", "info");
    has(document, "/event/dataset", "ramtide.anomaly");
    has(document, "/event/action", "process-not-in-active-list");
    has(document, "/event/severity", "73");
    has(document, "/event/start", "2026-01-02T12:00:00.0000000Z");
    has(document, "/event/end", "2026-01-02T12:01:00.0000000Z");
    has(document, "/rule/name", "process-not-in-active-list");
    has(document, "/threat/framework", "MITRE ATT&CK");
    has(document, "/threat/technique/id/0", "T1014");
    has(document, "/threat/technique/name/0", "Rootkit");
    has(document, "/threat/technique/reference/0", "https://attack.mitre.org/techniques/T1014/");
    has(document, "/process/pid", "1234");
    has(document, "/process/name", "evil.exe");
    has(document, "/tags/2", "attack.t1014");
    assertThat(document.at("/message").asText()).startsWith("evil.exe (PID 1234) runs but");
    assertThat(document.at("/process/entity_id"))
        .as("the same process as in its events")
        .isEqualTo(document(0).at("/process/entity_id"));
  }

  @Test
  void captureThatWasNotDecoded_isAPipelineError() {
    harness.capture(
        1,
        0,
        summary ->
            summary
                .setStatus(CaptureStatus.UNSUPPORTED_BUILD)
                .setDetail("no layout for build 12345")
                .setActiveList(ListStatus.notWalked));

    assertThat(harness.siem()).hasSize(1);
    has(document(0), "/event/kind", "pipeline_error");
    has(document(0), "/event/type/0", "info");
    has(document(0), "/event/dataset", "ramtide.capture");
    has(document(0), "/event/action", "capture-unsupported-build");
    has(
        document(0),
        "/error/message",
        "capture 1 was not decoded (unsupported-build): no layout for build 12345");
    has(document(0), "/ramtide/capture", "1");
  }

  @Test
  void decodedCapture_givesNoDocumentOfItsOwn() {
    harness.capture(1, 0);
    assertThat(harness.captures()).hasSize(1);
    assertThat(harness.siem()).isEmpty();
  }

  @Test
  void ids_areDifferentForDifferentThings() {
    harness.capture(
        1,
        0,
        process(8, "a.exe", noon(-9)).setExitTime(noon(-5)),
        process(12, "a.exe", noon(-9)),
        unlinked(16, "b.exe", noon(-9)));

    Set<String> ids = new HashSet<>();
    harness.siem().forEach(document -> ids.add(document.at("/event/id").asText()));
    assertThat(ids).hasSize(5);
  }

  @Test
  void hostileName_isBoundedAndHarmless() {
    String hostile = "\u001b[2J\u202eexe.\"}\n{\u0000" + "x".repeat(500);
    harness.capture(1, 0, process(8, hostile, noon(-9)));

    String name = document(0).at("/process/name").asText();
    assertThat(name).hasSize(64).startsWith("\ufffd[2J\ufffdexe.\"}\ufffd{\ufffdxxx");
    assertThat(new String(harness.records(Topics.SIEM).get(0).value(), StandardCharsets.UTF_8))
        .doesNotContain("\n", "\u001b", "\u202e");
    assertThat(harness.events().get(0).getImageName()).isEqualTo(name);
  }

  @Test
  void hostileTimes_neverReachTheDocument() {
    harness.capture(
        1,
        0,
        summary -> summary.setGuestTime(Long.MIN_VALUE),
        process(8, "a.exe", Long.MIN_VALUE),
        process(12, "b.exe", Long.MAX_VALUE).setExitTime(-1L));

    assertThat(harness.siem()).hasSize(2);
    for (JsonNode document : harness.siem()) {
      has(document, "/@timestamp", "2026-01-02T12:00:01.0000000Z");
      hasNot(document, "/process/start");
      hasNot(document, "/process/end");
    }
  }

  @Test
  void commandLine_isGivenWholeAndAsArguments() {
    harness.capture(
        1,
        0,
        process(8, "cmd.exe", noon(-9))
            .setImagePath("C:\\Windows\\System32\\cmd.exe")
            .setCommandLine("\"C:\\Windows\\System32\\cmd.exe\" /c \"a b\"")
            .setUserSid("S-1-5-21-1-2-3-1000")
            .setSessionId(1L));

    JsonNode document = document(0);
    has(document, "/process/executable", "C:\\Windows\\System32\\cmd.exe");
    has(document, "/process/command_line", "\"C:\\Windows\\System32\\cmd.exe\" /c \"a b\"");
    has(document, "/process/args/0", "C:\\Windows\\System32\\cmd.exe");
    has(document, "/process/args/2", "a b");
    has(document, "/process/args_count", "3");
    has(document, "/user/id", "S-1-5-21-1-2-3-1000");
    has(document, "/ramtide/session_id", "1");
  }

  @Test
  void commandLineThatIsNotKnown_isLeftOut() {
    harness.capture(1, 0, process(8, "cmd.exe", noon(-9)).setCommandLineStatus("paged out"));
    hasNot(document(0), "/process/command_line");
    hasNot(document(0), "/process/args");
    hasNot(document(0), "/user");
  }
}
