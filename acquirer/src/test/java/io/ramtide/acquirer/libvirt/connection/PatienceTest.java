package io.ramtide.acquirer.libvirt.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private final Patience patience = new Patience();
  private final CountDownLatch answer = new CountDownLatch(1);

  private Integer hang() throws IOException {
    try {
      answer.await();
      return 1;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void call_returnsOrFailsAsItDoes() throws Exception {
    assertThat(patience.within(60, "guest", "asking", () -> 7)).isEqualTo(7);
    IOException failure = new IOException("no");
    assertThatThrownBy(
            () ->
                patience.within(
                    60,
                    "guest",
                    "asking",
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
  }

  @Test
  void unansweredCall_isGivenUpAndItsLikeRefusedUntilItReturns() throws Exception {
    assertThatThrownBy(() -> patience.within(0, "guest", "asking", this::hang))
        .isInstanceOf(HypervisorException.class)
        .hasMessageStartingWith("asking: libvirt has not answered for 0 seconds; ");
    assertThatThrownBy(() -> patience.within(60, "guest", "asking again", () -> 7))
        .isInstanceOf(HypervisorException.class)
        .hasMessageContaining("asking again: libvirt has not answered an earlier call yet");
    assertThat(patience.within(60, "another", "asking", () -> 7)).isEqualTo(7);
    answer.countDown();
    while (true) {
      try {
        assertThat(patience.within(60, "guest", "asking", () -> 7)).isEqualTo(7);
        return;
      } catch (HypervisorException e) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void interruptedCaller_isLetGo() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> patience.within(60, "guest", "asking", this::hang))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    answer.countDown();
  }
}
