package io.ramtide.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ComposeFileTest {
  private static final Path FILE = Path.of("../docker-compose.yml").toAbsolutePath().normalize();

  @Test
  void composeFile_isAcceptedByDockerCompose() throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "docker-compose"))),
        "SKIPPED: there is no docker-compose on the PATH (Debian: apt install docker-compose)");
    Process process =
        new ProcessBuilder("docker-compose", "-f", FILE.toString(), "config", "-q")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(output).isEmpty();
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void composeFile_usesCommandsAndOptionsThatExist() throws Exception {
    Matcher commands = Pattern.compile("command: \\[(.*)]").matcher(Files.readString(FILE));
    int count = 0;
    while (commands.find()) {
      count++;
      String[] args = commands.group(1).replace("\"", "").split(", ");
      String[] withHelp = java.util.Arrays.copyOf(args, args.length + 1);
      withHelp[args.length] = "--help";
      Output output = new Output();
      assertThat(output.run(withHelp)).as(commands.group(1)).isZero();
      assertThat(output.out()).contains("Usage: ramtide " + args[0]);
    }
    assertThat(count).isEqualTo(4);
  }
}
