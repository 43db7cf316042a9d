package io.ramtide.acquirer.agent.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BudgetTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private long now;
  private long cpu;

  @Test
  void noLimits_neverWait() {
    Budget budget = new Budget(Limits.NONE, () -> now, () -> cpu);
    cpu += 100 * SECOND;

    assertThat(budget.owedForCpu()).isZero();
    assertThat(budget.owedForSending(1L << 40)).isZero();
    assertThat(budget.sentBytes()).isEqualTo(1L << 40);
  }

  @Test
  void processorTime_beyondAllowance_isWaitedFor() {
    Budget budget = budget(50, OptionalLong.empty());
    cpu += SECOND; // Half a second is allowed at once, the other half takes a second to earn.

    assertThat(budget.owedForCpu()).isEqualTo(SECOND);
    now += SECOND;
    assertThat(budget.owedForCpu()).isZero();
  }

  @Test
  void idleTime_isSavedUpForASecondOnly() {
    Budget budget = budget(100, OptionalLong.empty());
    now += 3600 * SECOND;
    cpu += 2 * SECOND;

    assertThat(budget.owedForCpu()).isEqualTo(SECOND);
  }

  @Test
  void sending_overAnHour_keepsToTheRate() {
    Budget budget = budget(0, OptionalLong.of(1_000_000));
    long sent = 0;
    while (now < 3600 * SECOND) {
      now += budget.owedForSending(540_000);
      sent += 540_000;
    }

    assertThat(sent).isBetween(3_599_000_000L, 3_602_000_000L);
  }

  private Budget budget(double cpuPercent, OptionalLong rate) {
    OptionalDouble percent =
        cpuPercent == 0 ? OptionalDouble.empty() : OptionalDouble.of(cpuPercent);
    return new Budget(new Limits(percent, rate), () -> now, () -> cpu);
  }
}
