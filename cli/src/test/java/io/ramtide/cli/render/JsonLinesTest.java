package io.ramtide.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.AvroSafety;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.Evidence;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Rejected;
import io.ramtide.schemas.Severity;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.View;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
  @BeforeAll
  static void trustTheRecords() {
    AvroSafety.apply();
  }

  private final ProcessFinding process =
      ProcessFinding.newBuilder()
          .setPid(1234)
          .setParentPid(4L)
          .setImageName("smss.exe")
          .setCreateTime(134_117_966_451_234_567L)
          .setDirectoryTableBase(0x187000L)
          .setObjectVa(0xfffffa8001a2b040L)
          .setObjectGpa(0x3fa2b040L)
          .setSeenBy(List.of(View.activeList, View.poolScan))
          .setCommandLineStatus("paged out")
          .build();

  @Test
  void of_process_isAsDocumented() {
    assertThat(JsonLines.of(process))
        .startsWith(
            "{\"kind\":\"process\",\"pid\":1234,\"parentPid\":4,\"imageName\":\"smss.exe\","
                + "\"createTime\":\"2026-01-02T03:04:05.1234567Z\",\"exitTime\":null,"
                + "\"directoryTableBase\":\"0x187000\",\"objectVa\":\"0xfffffa8001a2b040\","
                + "\"objectGpa\":\"0x3fa2b040\",\"activeThreads\":null,"
                + "\"seenBy\":[\"activeList\",\"poolScan\"],\"imagePath\":null,"
                + "\"imagePathStatus\":null")
        .contains("\"commandLine\":null,\"commandLineStatus\":\"paged out\"");
  }

  @Test
  void of_hostileName_isOneAsciiLineThatParsesBack() throws Exception {
    String name = "\u001b[2J\n\r\u0000\u007f\u009b\u202e\"\\漢";
    String line = JsonLines.of(ProcessFinding.newBuilder(process).setImageName(name).build());
    assertThat(line.chars()).allMatch(c -> c >= ' ' && c < 0x7f);
    assertThat(parse(line).get("imageName").asText()).isEqualTo(name);
  }

  @Test
  void of_summary_hasTextEnumsAndTimes() throws Exception {
    Summary summary =
        Summary.newBuilder()
            .setStatus(CaptureStatus.UNSUPPORTED_BUILD)
            .setFindings(1)
            .setStartedAt(1_000_001)
            .setEndedAt(-1)
            .setConsistency(Consistency.POINT_IN_TIME)
            .setActiveList(ListStatus.notWalked)
            .setUnreadableFrames(7)
            .build();
    JsonNode json = parse(JsonLines.of(summary));
    assertThat(json.get("kind").asText()).isEqualTo("summary");
    assertThat(json.get("status").asText()).isEqualTo("unsupportedBuild");
    assertThat(json.get("consistency").asText()).isEqualTo("pointInTime");
    assertThat(json.get("activeList").asText()).isEqualTo("notWalked");
    assertThat(json.get("startedAt").asText()).isEqualTo("1970-01-01T00:00:01.000001Z");
    assertThat(json.get("endedAt").asText()).isEqualTo("1969-12-31T23:59:59.999999Z");
    assertThat(json.get("unreadableFrames").isNumber()).isTrue();
    assertThat(json.get("detail").isNull()).isTrue();
  }

  @Test
  void of_nestedRecord_isNested() throws Exception {
    Anomaly anomaly =
        Anomaly.newBuilder()
            .setDomain("d")
            .setCapture(2)
            .setRule("r")
            .setSeverity(Severity.high)
            .setMessage("m")
            .setNotAfter(0)
            .setEvidence(new Evidence(2L, 0x1000L, null, List.of(View.headerScan)))
            .build();
    JsonNode json = parse(JsonLines.of("anomaly", anomaly));
    assertThat(json.get("notAfter").asText()).isEqualTo("1601-01-01T00:00:00.0000000Z");
    assertThat(json.get("evidence").get("objectGpa").asText()).isEqualTo("0x1000");
    assertThat(json.get("evidence").get("seenBy").get(0).asText()).isEqualTo("headerScan");
  }

  @Test
  void of_bytes_areHex() throws Exception {
    Rejected rejected =
        Rejected.newBuilder()
            .setRole("watch")
            .setTopic("t")
            .setPartition(0)
            .setOffset(1)
            .setReason("r")
            .setRejectedAt(0)
            .setValueHead(ByteBuffer.wrap(new byte[] {(byte) 0xc3, 1}))
            .setValueBytes(2)
            .build();
    assertThat(parse(JsonLines.of("rejected", rejected)).get("valueHead").asText())
        .isEqualTo("c301");
  }

  private static JsonNode parse(String line) throws Exception {
    return new ObjectMapper().readTree(line);
  }
}
