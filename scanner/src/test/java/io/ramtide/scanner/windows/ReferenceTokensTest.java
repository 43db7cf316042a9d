package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.TokenFinding;
import io.ramtide.schemas.TokenGroup;
import io.ramtide.schemas.TokenPrivilege;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of the peer-confirmed images. */
class ReferenceTokensTest {
  private static final Map<String, String> LEVELS =
      Map.of("S-1-16-8192", "medium", "S-1-16-16384", "system");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void userGroupsAndSession_areTheTruth(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.open(image, folder);
    Map<Long, String> expected = new TreeMap<>();
    for (JsonNode process : reference.truth().path("processes")) {
      List<String> groups = new ArrayList<>();
      process.path("groups").forEach(group -> groups.add(group.asText()));
      String level = groups.stream().filter(LEVELS::containsKey).findFirst().orElseThrow();
      expected.put(
          process.path("pid").asLong(),
          "%s %s %s".formatted(process.path("sid").asText(), groups, LEVELS.get(level)));
    }

    List<TokenFinding> tokens = reference.findings(What.tokens, TokenFinding.class);

    Map<Long, String> found = new TreeMap<>();
    for (TokenFinding token : tokens) {
      List<String> groups = token.getGroups().stream().map(TokenGroup::getSid).toList();
      found.put(
          token.getPid(), "%s %s %s".formatted(token.getUserSid(), groups, token.getIntegrity()));
    }
    assertThat(found).isEqualTo(expected);
    assertThat(tokens).hasSameSizeAs(expected.keySet());
    assertThat(tokens)
        .allMatch(token -> token.getStatus() == null && "primary".equals(token.getTokenType()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void processes_haveUserAndIntegrityOfTheirTokens(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.open(image, folder);

    Map<Long, String> found = new TreeMap<>();
    for (ProcessFinding process : reference.analyze(Set.of(), finding -> {}).processes()) {
      found.put(process.getPid(), process.getUserSid() + " " + process.getIntegrity());
    }

    Map<Long, String> expected = new TreeMap<>();
    for (TokenFinding token : reference.findings(What.tokens, TokenFinding.class)) {
      expected.put(token.getPid(), token.getUserSid() + " " + token.getIntegrity());
    }
    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-reference", "win10-19041-reference"})
  void privileges_areThoseVolatilitySees(String image) throws IOException {
    ReferenceImage reference = ReferenceImage.open(image, folder);
    Set<String> expected = new HashSet<>();
    Set<Long> pids = new HashSet<>();
    for (JsonNode row : reference.volatility("privileges")) {
      String attributes = row.path("Attributes").asText();
      pids.add(row.path("PID").asLong());
      if (attributes.contains("Present")) {
        expected.add(
            "%d %s %s %s"
                .formatted(
                    row.path("PID").asLong(),
                    row.path("Privilege").asText(),
                    attributes.contains("Enabled"),
                    attributes.contains("Default")));
      }
    }

    Set<String> found = new HashSet<>();
    for (TokenFinding token : reference.findings(What.tokens, TokenFinding.class)) {
      for (TokenPrivilege privilege : token.getPrivileges()) {
        if (pids.contains(token.getPid())) {
          found.add(
              "%d %s %s %s"
                  .formatted(
                      token.getPid(),
                      privilege.getName(),
                      privilege.getEnabled(),
                      privilege.getEnabledByDefault()));
        }
      }
    }

    assertThat(expected).hasSizeGreaterThan(100);
    assertThat(found).isEqualTo(expected);
  }
}
