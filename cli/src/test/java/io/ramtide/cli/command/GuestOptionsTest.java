package io.ramtide.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.cli.Output;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options of what captures running guests: wrong ones are told before anything begins. */
class GuestOptionsTest {
  private final Output output = new Output();

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          acquire                                        | which dump FILE, or which --uri
          acquire --uri test:///x x.raw                  | x.raw is a file: give one or the other
          acquire --uri test:///x --name web01           | --name names what files are of
          acquire --every 1s x.raw                       | --every is for running guests: give --uri too
          acquire --captures 1 x.raw                     | --captures is for running guests: give --uri too
          acquire --domain web* x.raw                    | --domain web*: files need a UUID
          acquire --domain a --domain b x.raw            | files belong to one --domain
          acquire --uri test:///x --keyframe-interval 0  | --keyframe-interval 0: must be 1 or more
          monitor                                        | --uri: which hypervisor?
          monitor --uri test:///x --keyframe-interval 0  | --keyframe-interval 0: must be 1 or more
          monitor --uri test:///x --every 10             | '10' is no duration
          monitor --uri test:///x --every 10ms           | --every 10 ms: must be 50 ms to 1 day
          monitor --uri test:///x --every 25h            | must be 50 ms to 1 day
          monitor --uri test:///x --max-bandwidth 5X     | '5X' is no rate
          monitor --uri test:///x --max-bandwidth 0      | '0' is no rate
          monitor --uri test:///x --max-cpu 0            | --max-cpu: must be above 0
          monitor --uri test:///x --max-cpu much         | 'much'
          monitor --uri test:///x --lanes 0              | --lanes: must be 1 to 256
          monitor --uri test:///x --captures 0           | --captures: must be 1 or more
          monitor --uri test:///x --max-pause 0s         | --max-pause: must be above 0
          monitor --uri test:///x --max-pause 11m        | at most 10m
          monitor --uri test:///x --method magic         | 'magic' is no method; there are: shared-memory, process
          monitor --uri test:///x --keyframes sometimes  | 'sometimes'
          monitor --uri test:///x --metrics-port 70000   | --metrics-port: must be 0 to 65535
          command keyframe                               | --host
          command interval --host kvm07                  | --every
          command interval --host kvm07 --every soon     | 'soon' is no duration
          command hold --host kvm07 --expires never      | 'never' is no duration
          """)
  void wrongUse_is2_inOneLine(String args, String message) {
    List<String> all = new ArrayList<>(List.of(args.split(" ")));
    all.addAll(List.of("--data", folder.toString()));
    assertThat(output.run(all.toArray(String[]::new))).as(output.err()).isEqualTo(2);
    assertThat(output.out()).isEmpty();
    assertThat(output.err().lines()).singleElement().asString().contains(message);
  }

  @Test
  void completion_knowsTheMethodsAndOptions() {
    assertThat(output.run("completion", "bash")).isZero();
    assertThat(output.out())
        .contains("monitor", "agents", "keyframe", "interval", "hold")
        .contains("--uri", "--max-bandwidth", "--verify-blocks")
        .contains("shared-memory", "background-snapshot", "pmemsave");
  }
}
