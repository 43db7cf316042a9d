package io.ramtide.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.cli.Output;
import io.ramtide.cli.term.ExitCode;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ExitCodesTest {
  private final Output output = new Output();

  @TempDir Path folder;

  @Test
  void codes_neverChange() {
    assertThat(ExitCode.values())
        .extracting(ExitCode::code)
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "topics",
        "inspect",
        "replay",
        "watch --domain not-a-uuid",
        "watch --from yesterday",
        "inspect --format xml x",
        "inspect --no-such-option x",
        "inspect --what handles,nonsense x",
        "inspect --pid x x",
        "scan --what nonsense",
        "topics create --replication-factor 0",
        "completion fish"
      })
  void wrongUse_is2_inOneLineWithoutStackTrace(String args) {
    assertThat(output.run(args.isEmpty() ? new String[0] : args.split(" "))).isEqualTo(2);
    assertThat(output.out()).isEmpty();
    assertThat(output.err().lines()).hasSize(1).allMatch(line -> line.startsWith("ramtide: "));
  }

  @Test
  void brokerThatIsNotThere_is6() {
    assertThat(output.run("topics", "describe", "--bootstrap-servers", "127.0.0.1:1")).isEqualTo(6);
    assertThat(output.err().lines()).hasSize(1);
    assertThat(output.err()).contains("no Kafka broker answers at 127.0.0.1:1");
  }

  @Test
  void bootstrapServersThatAreNone_are2() {
    assertThat(output.run("watch", "--bootstrap-servers", "nonsense")).isEqualTo(2);
    assertThat(output.err()).contains("--bootstrap-servers");
  }

  @Test
  void configThatIsNotThere_is2() {
    Path missing = folder.resolve("missing.properties");
    assertThat(output.run("watch", "--config", missing.toString())).isEqualTo(2);
    assertThat(output.err()).contains(missing.toString());
  }

  @Test
  void configWithoutBroker_is2() throws Exception {
    Path config = Files.writeString(folder.resolve("c"), "security.protocol=SSL\n");
    assertThat(output.run("watch", "--config", config.toString())).isEqualTo(2);
    assertThat(output.err()).contains("names no bootstrap.servers");
  }

  @Test
  void configWithUnknownProtocol_is2() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("c"), "bootstrap.servers=127.0.0.1:1\nsecurity.protocol=MAGIC\n");
    assertThat(output.run("watch", "--config", config.toString())).isEqualTo(2);
    assertThat(output.err()).contains("MAGIC");
  }

  @Test
  void dataFolderThatIsAFile_is7() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(output.run("topics", "create", "--data", file.toString())).isEqualTo(7);
    assertThat(output.err()).contains(file.toString()).contains("--data");
  }

  @Test
  void folderWithoutDumps_is4() {
    assertThat(output.run("acquire", folder.toString(), "--data", folder + "/data")).isEqualTo(4);
    assertThat(output.err()).contains("a folder without files");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_ofEveryCommand_showsExitCodes(List<String> command) {
    assertThat(output.run(concat(command, "--help"))).isZero();
    assertThat(output.out()).contains("Usage: ramtide").contains("Exit codes:");
    for (ExitCode code : ExitCode.values()) {
      assertThat(output.out()).contains(code.meaning());
    }
    assertThat(output.err()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_ofEveryCommandThatDoesSomething_showsExamples(List<String> command) {
    CommandLine line = commandLine();
    for (String name : command) {
      line = line.getSubcommands().get(name);
    }
    if (line.getSubcommands().isEmpty()) {
      assertThat(line.getUsageMessage()).containsPattern("Examples:\\R.*ramtide ");
    }
  }

  @Test
  void version_namesTheProgram() {
    assertThat(output.run("--version")).isZero();
    assertThat(output.out()).startsWith("ramtide ");
  }

  @Test
  void completion_isABashScriptThatKnowsTheCommands() {
    assertThat(output.run("completion", "bash")).isZero();
    assertThat(output.out())
        .startsWith("#!/usr/bin/env bash")
        .contains("inspect", "--domain", "--what", "symbolicLinks");
  }

  static List<List<String>> commands() {
    List<List<String>> all = new java.util.ArrayList<>();
    collect(commandLine(), List.of(), all);
    return all;
  }

  private static void collect(CommandLine line, List<String> path, List<List<String>> all) {
    all.add(path);
    line.getSubcommands()
        .forEach(
            (name, sub) -> {
              if (!sub.getCommandSpec().usageMessage().hidden()) {
                collect(sub, List.of(concat(path, name)), all);
              }
            });
  }

  private static CommandLine commandLine() {
    PrintWriter none = new PrintWriter(Writer.nullWriter());
    return Ramtide.commandLine(none, none);
  }

  private static String[] concat(List<String> command, String last) {
    List<String> all = new java.util.ArrayList<>(command);
    all.add(last);
    return all.toArray(String[]::new);
  }
}
