package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.VadFinding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** VADs of the peer-confirmed images, against their truth and the peers' answers. */
class ReferenceVadsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void referenceImage_givesItsVadsAndNothingElse(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.decoded(image, folder, What.vads);
    List<VadFinding> found = reference.all(VadFinding.class);

    assertThat(found.stream().map(ReferenceVadsTest::truthLine))
        .containsExactlyInAnyOrderElementsOf(truth(reference.json("truth.json")));
    assertThat(found.stream().map(ReferenceVadsTest::peerLine))
        .containsExactlyInAnyOrderElementsOf(vadinfo(reference.json("peers/vol3.vadinfo.json")));
    assertThat(
            found.stream()
                .filter(ReferenceVadsTest::isMalfind)
                .map(vad -> vad.getPid() + " " + vad.getStartVa()))
        .containsExactlyInAnyOrderElementsOf(malfind(reference.json("peers/vol3.malfind.json")));
    assertThat(reference.analysis().coverage().get(0).getDetail()).isNull();
  }

  /** No peer reads VADs of so little memory; both pages below are in every process by design. */
  @Test
  void realPartialSnapshot_givesTheVadsWhoseNodesItHas() throws IOException {
    ReferenceImage snapshot = ReferenceImage.decoded("win10-17763-partial", folder, What.vads);

    assertThat(snapshot.all(VadFinding.class))
        .extracting(VadFinding::getStartVa, VadFinding::getProtection, VadFinding::getTag)
        .contains(
            tuple(0x7ffe_0000L, "PAGE_READONLY", "VadS"),
            tuple(0x7ffe_a000L, "PAGE_READONLY", "VadS"));
    assertThat(snapshot.analysis().coverage().get(0).getDetail())
        .contains("VAD at 0xffffe38f396f86e0: page not captured");
  }

  private static List<String> truth(JsonNode truth) {
    List<String> lines = new ArrayList<>();
    for (JsonNode process : truth.path("processes")) {
      for (JsonNode vad : process.path("vads")) {
        boolean isImage = vad.path("what").asText().startsWith("image ");
        lines.add(
            "%d 0x%x 0x%x %s %s %s %s %s"
                .formatted(
                    process.path("pid").asLong(),
                    vad.path("start").asLong(),
                    vad.path("end").asLong(),
                    vad.path("protection").asText(),
                    vad.path("private").asBoolean(),
                    vad.path("file").isNull() ? "null null" : vad.path("file").asText() + " null",
                    vad.path("tag").asText(),
                    isImage ? "imageMap" : "none"));
      }
    }
    return lines;
  }

  private static String truthLine(VadFinding vad) {
    return "%d 0x%x 0x%x %s %s %s %s %s %s"
        .formatted(
            vad.getPid(),
            vad.getStartVa(),
            vad.getEndVa(),
            vad.getProtection(),
            vad.getPrivateMemory(),
            vad.getFile(),
            vad.getFileStatus(),
            vad.getTag(),
            vad.getType());
  }

  private static List<String> vadinfo(JsonNode rows) {
    List<String> lines = new ArrayList<>();
    for (JsonNode row : rows) {
      lines.add(
          "%d 0x%x 0x%x 0x%x %d %b %s"
              .formatted(
                  row.path("PID").asLong(),
                  ReferenceImage.number(row.path("Offset")),
                  row.path("Start VPN").asLong(),
                  row.path("End VPN").asLong(),
                  row.path("CommitCharge").asLong(),
                  row.path("PrivateMemory").asInt() == 1,
                  row.path("Protection").asText()));
    }
    assertThat(lines).isNotEmpty();
    return lines;
  }

  private static String peerLine(VadFinding vad) {
    return "%d 0x%x 0x%x 0x%x %d %b %s"
        .formatted(
            vad.getPid(),
            vad.getObjectVa(),
            vad.getStartVa(),
            vad.getEndVa(),
            vad.getCommitCharge(),
            vad.getPrivateMemory(),
            vad.getProtection());
  }

  private static List<String> malfind(JsonNode rows) {
    List<String> lines = new ArrayList<>();
    rows.forEach(row -> lines.add(row.path("PID").asLong() + " " + row.path("Start VPN").asLong()));
    assertThat(lines).isNotEmpty();
    return lines;
  }

  /** What Volatility 3 calls suspicious, from the fields of a finding. */
  private static boolean isMalfind(VadFinding vad) {
    boolean isShort = vad.getPrivateMemory() && "VadS".equals(vad.getTag());
    boolean isShared =
        !vad.getPrivateMemory() && !vad.getProtection().equals("PAGE_EXECUTE_WRITECOPY");
    return (isShort || isShared) && vad.getHints().contains("content");
  }
}
