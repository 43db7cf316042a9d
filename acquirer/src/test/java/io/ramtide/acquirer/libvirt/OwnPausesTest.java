package io.ramtide.acquirer.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OwnPausesTest {
  private static final UUID GUEST = new UUID(1, 2);

  private long now;
  private final OwnPauses pauses = new OwnPauses(() -> now);

  @Test
  void pauseWithoutACall_isAnothers() {
    assertThat(pauses.suspended(GUEST)).isFalse();
    assertThat(pauses.resumed(GUEST)).isFalse();
  }

  @Test
  void pauseDuringACall_isOurs() {
    pauses.begin(GUEST, 1, 1);
    assertThat(pauses.suspended(GUEST)).isTrue();
    assertThat(pauses.resumed(GUEST)).isTrue();
    assertThat(pauses.suspended(GUEST)).isTrue();
    assertThat(pauses.suspended(new UUID(3, 4))).isFalse();
  }

  @Test
  void pauseAfterACall_isOursAsOftenAsExpected() {
    pauses.begin(GUEST, 1, 1);
    assertThat(pauses.suspended(GUEST)).isTrue();
    pauses.end(GUEST);
    now += TimeUnit.SECONDS.toNanos(1);
    assertThat(pauses.resumed(GUEST)).isTrue();
    assertThat(pauses.resumed(GUEST)).isFalse();
    assertThat(pauses.suspended(GUEST)).isFalse();
  }

  @Test
  void pauseLongAfterACall_isAnothers() {
    pauses.begin(GUEST, 1, 1);
    now += TimeUnit.MINUTES.toNanos(1);
    pauses.end(GUEST);
    now += TimeUnit.SECONDS.toNanos(6);
    assertThat(pauses.suspended(GUEST)).isFalse();
  }

  @Test
  void secondCall_addsToWhatIsExpected() {
    pauses.begin(GUEST, 1, 0);
    pauses.end(GUEST);
    pauses.begin(GUEST, 0, 1);
    pauses.end(GUEST);
    assertThat(pauses.suspended(GUEST)).isTrue();
    assertThat(pauses.resumed(GUEST)).isTrue();
    assertThat(pauses.resumed(GUEST)).isFalse();
  }

  @Test
  void stoppedGuest_isForgotten() {
    pauses.begin(GUEST, 1, 1);
    pauses.forget(GUEST);
    pauses.end(GUEST);
    assertThat(pauses.suspended(GUEST)).isFalse();
  }
}
