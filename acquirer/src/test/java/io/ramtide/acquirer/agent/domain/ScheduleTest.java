package io.ramtide.acquirer.agent.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** Close to where System.nanoTime turns over: only differences count. */
  private static final long BEGIN = Long.MAX_VALUE - SECOND / 2;

  private final Schedule schedule = new Schedule(Duration.ofSeconds(1), BEGIN);

  @Test
  void first_isDueAtOnce() {
    assertThat(schedule.due()).isEqualTo(BEGIN);
  }

  @Test
  void next_isAnIntervalAfterTheStart_howeverLongItTook() {
    schedule.begin(BEGIN);
    schedule.end(BEGIN + SECOND / 2);

    assertThat(schedule.due()).isEqualTo(BEGIN + SECOND);
    assertThat(schedule.skipped()).isZero();
  }

  @Test
  void late_isDueAtOnce_andWhatWasMissedIsSkipped() {
    schedule.begin(BEGIN);
    schedule.end(BEGIN + 3 * SECOND + SECOND / 2);

    assertThat(schedule.due()).isEqualTo(BEGIN + 3 * SECOND + SECOND / 2);
    assertThat(schedule.skipped()).isEqualTo(2);
  }

  @Test
  void override_holdsForAWhile_thenTheUsualIntervalIsBack() {
    schedule.begin(BEGIN);
    schedule.end(BEGIN + 1);
    schedule.override(Duration.ofMillis(250), BEGIN + 10 * SECOND, BEGIN + 2);

    assertThat(schedule.due()).isEqualTo(BEGIN + SECOND / 4);
    assertThat(schedule.interval(BEGIN + 10 * SECOND - 1)).isEqualTo(Duration.ofMillis(250));
    assertThat(schedule.interval(BEGIN + 10 * SECOND)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void override_thatWouldBeOver_isDueNow() {
    schedule.begin(BEGIN);
    schedule.end(BEGIN + 1);
    schedule.override(Duration.ofMillis(50), BEGIN + 10 * SECOND, BEGIN + SECOND / 2);

    assertThat(schedule.due()).isEqualTo(BEGIN + SECOND / 2);
  }
}
