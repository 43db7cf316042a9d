package io.ramtide.correlator;

import static io.ramtide.correlator.Samples.noon;
import static io.ramtide.correlator.Samples.process;
import static io.ramtide.correlator.Samples.unlinked;
import static io.ramtide.correlator.network.Sockets.connection;
import static io.ramtide.correlator.network.Sockets.listener;
import static io.ramtide.correlator.network.Sockets.timeWait;
import static io.ramtide.correlator.network.Sockets.udp;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.ProcessFinding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Documents of every kind against what ECS says of the fields they use: a new field is looked up in
 * the source that ecs-8.17.0.json names, and added there.
 */
class EcsConformanceTest {
  private static final List<String> EVERYWHERE =
      List.of(
          "/@timestamp",
          "/message",
          "/event/kind",
          "/event/category/0",
          "/event/type/0",
          "/event/action",
          "/event/module",
          "/event/provider",
          "/host/id",
          "/ramtide/capture",
          "/tags/0");

  @TempDir private Path state;
  private Harness harness;
  private JsonNode ecs;

  /** One value of a document. */
  private record Leaf(String field, JsonNode value, boolean inArray) {}

  @BeforeEach
  void tellEverything() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("ecs-8.17.0.json")) {
      ecs = new ObjectMapper().readTree(in);
    }
    harness = new Harness(state);
    harness.capture(1, 0, evil(), process(8, "cmd.exe", noon(-9)).setExitTime(noon(-5)));
    network();
    registry();
    harness.capture(
        7,
        360,
        summary ->
            summary
                .setStatus(CaptureStatus.UNREADABLE)
                .setDetail("chunk 3 is missing")
                .setActiveList(ListStatus.notWalked));
    harness.capture(8, 420, process(4, "System", noon(-900)));
    harness.capture(9, 480, process(4, "System", noon(430)));
    assertThat(harness.rejected()).isEmpty();
  }

  @AfterEach
  void close() {
    harness.close();
  }

  private static ProcessFinding.Builder evil() {
    return process(120, "evil.exe", noon(-100))
        .setImagePath("C:\\evil.exe")
        .setCommandLine("evil.exe -c 203.0.113.7")
        .setUserSid("S-1-5-18")
        .setSessionId(1L);
  }

  private void network() {
    new NetworkCapture(2, 60)
        .with(evil(), process(8, "cmd.exe", noon(-9)).setExitTime(noon(-5)))
        .with(listener(1, 4444, noon(20)), udp(2, 53, null))
        .with(connection(3, 49800, "SYN_SENT", noon(-1)), timeWait(4, 4444, noon(1)))
        .sendTo(harness);
    new NetworkCapture(3, 120)
        .with(unlinked(120, "evil.exe", noon(-100)))
        .with(connection(3, 49800, "ESTABLISHED", noon(-1)))
        .sendTo(harness);
  }

  private void registry() {
    RegistryHarness registry = new RegistryHarness(harness);
    SampleHive software = SampleHive.software();
    software.key("Old", -500);
    software.text("Run", "Updater", "C:\\good.exe", -500);
    registry.whole(4, 180, software);
    software.delete("Old", 200).text("Run", "Updater", "C:\\evil.exe", 200);
    software.value("Run", "Number", "REG_DWORD", new byte[] {1, 0, 0, 0}, 200);
    software.value("Run", "Bytes", "REG_BINARY", new byte[] {1}, 200);
    SampleHive user = new SampleHive(0xffff_f8a0_0003_0000L, "\\REGISTRY\\USER\\S-1-5-21-1");
    registry.whole(5, 240, software, user);
    registry.whole(6, 300, software.removeValue("Run", "Bytes", 250));
  }

  private static Stream<Leaf> leaves(String field, JsonNode node, boolean inArray) {
    if (node.isArray()) {
      return StreamSupport.stream(node.spliterator(), false).flatMap(n -> leaves(field, n, true));
    }
    return node.isObject()
        ? node.properties().stream()
            .flatMap(
                entry ->
                    leaves(
                        (field.isEmpty() ? "" : field + ".") + entry.getKey(),
                        entry.getValue(),
                        false))
        : Stream.of(new Leaf(field, node, inArray));
  }

  private List<Leaf> leaves() {
    return harness.siem().stream().flatMap(document -> leaves("", document, false)).toList();
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  @Test
  void everyKindOfDocument_isThere() {
    Set<String> actions = new HashSet<>();
    harness.siem().forEach(document -> actions.add(document.at("/event/action").asText()));

    assertThat(actions)
        .contains(
            "process-started",
            "process-exited",
            "process-disappeared",
            "process-not-in-active-list",
            "network-listening-opened",
            "network-listening-closed",
            "network-connection-opened",
            "network-connection-state-changed",
            "network-connection-closed",
            "registry-hive-loaded",
            "registry-hive-unloaded",
            "registry-key-deleted",
            "registry-value-set",
            "registry-value-deleted",
            "capture-unreadable");
  }

  @Test
  void everyField_isOfEcsOrOurOwn() {
    assertThat(leaves())
        .allSatisfy(
            leaf ->
                assertThat(leaf.field().matches("ramtide(\\.[a-z_]+)+") || isEcs(leaf.field()))
                    .as("%s is a field of ECS or below ramtide", leaf.field())
                    .isTrue());
  }

  private boolean isEcs(String field) {
    return ecs.at("/fields").has(field);
  }

  @Test
  void everyValue_hasItsFieldsType() {
    assertThat(leaves())
        .filteredOn(leaf -> isEcs(leaf.field()))
        .allSatisfy(
            leaf -> {
              String type = ecs.at("/fields").get(leaf.field()).asText();
              String text = leaf.value().asText();
              assertThat(leaf.inArray()).as(leaf.field()).isEqualTo(type.endsWith("[]"));
              switch (type.replace("[]", "")) {
                case "long" -> assertThat(leaf.value().isIntegralNumber()).isTrue();
                case "date" -> assertThat(OffsetDateTime.parse(text)).isNotNull();
                case "ip" -> assertThat(text).matches("[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*");
                default -> assertThat(leaf.value().isTextual()).as(leaf.field()).isTrue();
              }
              JsonNode values = ecs.at("/values").path(leaf.field());
              assertThat(values.isMissingNode() || texts(values).contains(text))
                  .as("%s may be %s", leaf.field(), text)
                  .isTrue();
            });
  }

  @Test
  void everyType_isOneThatItsCategoryHas() {
    assertThat(harness.siem())
        .allSatisfy(
            document -> {
              String category = document.at("/event/category/0").asText();
              assertThat(texts(ecs.at("/types").path(category)))
                  .as(category)
                  .containsAll(texts(document.at("/event/type")));
            });
  }

  @Test
  void everyDocument_saysWhatWhenAndWhere() {
    Set<String> ids = new HashSet<>();
    assertThat(harness.siem())
        .allSatisfy(
            document -> {
              assertThat(EVERYWHERE)
                  .allSatisfy(field -> assertThat(document.at(field).asText()).isNotEmpty());
              assertThat(document.at("/ecs/version").asText()).isEqualTo("8.17.0");
              assertThat(document.at("/event/dataset").asText())
                  .matches("ramtide\\.(process|network|registry|anomaly|capture)");
              assertThat(ids.add(document.at("/event/id").asText())).as("a new id").isTrue();
              boolean isDated = document.at("/event/end").isMissingNode();
              assertThat(isDated || document.at("/event/end").equals(document.at("/@timestamp")))
                  .as("what Windows does not date is told at the end of its interval")
                  .isTrue();
              assertThat(document.at("/message").asText())
                  .matches("(?s)[A-Za-z].{10,1023}")
                  .doesNotContain("null");
            });
  }
}
