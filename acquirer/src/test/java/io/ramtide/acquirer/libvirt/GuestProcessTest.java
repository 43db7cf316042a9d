package io.ramtide.acquirer.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.acquirer.qemu.Monitor;
import io.ramtide.acquirer.qemu.MonitorException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GuestProcessTest {
  private static final UUID GUEST = UUID.fromString("6d3f2c1e-0000-4000-8000-00000000abcd");

  @Test
  void commandLine_isThisGuestsByItsArgumentAlone() {
    assertThat(GuestProcess.isOf(List.of("qemu", "-uuid", GUEST.toString(), "-S"), GUEST)).isTrue();
    assertThat(GuestProcess.isOf(List.of("qemu", "-name", "-uuid " + GUEST), GUEST)).isFalse();
    assertThat(GuestProcess.isOf(List.of("qemu", "-uuid"), GUEST)).isFalse();
    assertThat(GuestProcess.isOf(List.of("qemu", "-uuid", new UUID(0, 1).toString()), GUEST))
        .isFalse();
  }

  @Test
  void threadOfAnotherProcess_isNotBelieved() {
    assertThatThrownBy(
            () -> GuestProcess.find(cpus("[{\"thread-id\":" + ProcessHandle.current().pid() + "}]"), GUEST))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was not started for guest " + GUEST);
  }

  @Test
  void threadThatIsNotThere_isSaid() {
    assertThatThrownBy(() -> GuestProcess.find(cpus("[{\"thread-id\":2147483647}]"), GUEST))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not to be seen here");
  }

  @Test
  void answerWithoutAThread_isRefused() {
    for (String answer :
        List.of("[]", "{}", "[{\"thread-id\":\"../1\"}]", "[{\"thread-id\":-1}]", "[1]")) {
      assertThatThrownBy(() -> GuestProcess.find(cpus(answer), GUEST))
          .as(answer)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("does not tell the thread");
    }
  }

  @Test
  void status_isReadForTheProcess() throws IOException {
    assertThat(GuestProcess.processId(List.of("Name:\tCPU 0/TCG", "Tgid:\t4711", "Pid:\t4715")))
        .isEqualTo(4711);
    assertThatThrownBy(() -> GuestProcess.processId(List.of("Name:\tTgid:\t1")))
        .isInstanceOf(IOException.class);
  }

  private static Monitor cpus(String answer) {
    return new Monitor() {
      @Override
      public JsonNode execute(String command, Map<String, ?> arguments) throws MonitorException {
        assertThat(command).isEqualTo("query-cpus-fast");
        try {
          return new ObjectMapper().readTree(answer);
        } catch (IOException e) {
          throw new MonitorException("bad", e);
        }
      }

      @Override
      public String human(String line) {
        throw new UnsupportedOperationException();
      }
    };
  }
}
