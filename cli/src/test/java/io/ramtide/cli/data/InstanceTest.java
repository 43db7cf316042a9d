package io.ramtide.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceTest {
  @TempDir Path folder;

  private Instance claim(String name) {
    DataFolder data = new DataFolder(folder);
    return Instance.claim(data, Optional.ofNullable(name), data::scanner);
  }

  @Test
  void claim_afterARestart_isTheSameName() {
    Instance first = claim(null);
    first.close();
    Instance again = claim(null);
    again.close();
    assertThat(again.name()).isEqualTo(first.name());
    assertThat(again.folder()).isDirectory().isEqualTo(first.folder());
  }

  @Test
  void claim_ofASecondOneAtOnce_isAnotherNameAndFolder() {
    try (Instance first = claim(null);
        Instance second = claim(null)) {
      assertThat(second.name()).isEqualTo(first.name() + "-2");
      assertThat(second.folder()).isNotEqualTo(first.folder());
    }
  }

  @Test
  void claim_ofANameInUse_fails() {
    try (Instance first = claim("a")) {
      assertThat(first.name()).isEqualTo("a");
      assertThatThrownBy(() -> claim("a"))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("in use")
          .extracting(e -> ((Failure) e).exitCode())
          .isEqualTo(ExitCode.LOCAL);
    }
  }

  @Test
  void claim_ofANameThatIsAPath_isRefused() {
    assertThatThrownBy(() -> claim("../../etc"))
        .isInstanceOf(Failure.class)
        .extracting(e -> ((Failure) e).exitCode())
        .isEqualTo(ExitCode.USAGE);
  }
}
