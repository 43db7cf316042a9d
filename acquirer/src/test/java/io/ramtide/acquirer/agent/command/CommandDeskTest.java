package io.ramtide.acquirer.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.Command;
import io.ramtide.schemas.CommandAction;
import io.ramtide.schemas.CommandOutcome;
import io.ramtide.schemas.CommandResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CommandDeskTest {
  private static final UUID ONE = new UUID(0, 1);
  private static final UUID TWO = new UUID(0, 2);

  private final FakeOrders orders = new FakeOrders();
  private final Results results = new Results(List.of(), () -> {});
  private long now = 1_000;
  private final CommandDesk desk = new CommandDesk(orders, results, () -> now);

  @Test
  void keyframe_ofAll_isDone_whenEveryDomainHasAnswered() {
    desk.accept(command(CommandAction.KEYFRAME).build());
    orders.replies.get(0).accept(Reply.done("one: capture 5"));
    assertThat(results.latest()).isEmpty();
    orders.replies.get(1).accept(Reply.failed("two: disk full"));

    CommandResult result = results.latest().get(0);
    assertThat(result.getOutcome()).isEqualTo(CommandOutcome.FAILED);
    assertThat(result.getMessage()).isEqualTo("two: disk full; one: capture 5");
  }

  @Test
  void sameId_isDoneOnce() {
    Command command = command(CommandAction.KEYFRAME).setDomain(ONE.toString()).build();
    desk.accept(command);
    desk.accept(command);

    assertThat(orders.asked).containsExactly("keyframe " + ONE);
  }

  @Test
  void idOfAnEarlierLife_isNotDoneAgain() {
    Command command = command(CommandAction.KEYFRAME).build();
    var earlier = new CommandResult(command.getId(), 5L, CommandOutcome.DONE, "done");
    new CommandDesk(orders, new Results(List.of(earlier), () -> {}), () -> now).accept(command);

    assertThat(orders.asked).isEmpty();
  }

  @Test
  void expired_isNotBegun() {
    now = 3_000;
    desk.accept(command(CommandAction.KEYFRAME).setExpiresAt(3_000).build());

    assertOnlyResult(CommandOutcome.EXPIRED, "expired");
  }

  @Test
  void domainOfAnotherHost_isRefused() {
    desk.accept(command(CommandAction.HOLD).setDomain(new UUID(0, 9).toString()).build());

    assertOnlyResult(CommandOutcome.REFUSED, "does not capture");
  }

  @Test
  void absurdIntervals_areRefused() {
    for (Long every : new Long[] {null, Long.MIN_VALUE, 0L, 49L, Long.MAX_VALUE}) {
      desk.accept(interval(every, 1000L));
    }
    for (Long length : new Long[] {null, -1L, 0L, Long.MAX_VALUE}) {
      desk.accept(interval(1000L, length));
    }

    assertThat(orders.asked).isEmpty();
    assertThat(results.latest())
        .hasSize(9)
        .allMatch(result -> result.getOutcome() == CommandOutcome.REFUSED);
  }

  @Test
  void interval_isPassedOn() {
    desk.accept(interval(250L, 60_000L));

    assertThat(orders.asked)
        .containsExactlyInAnyOrder("interval " + ONE + " PT0.25S PT1M", "interval " + TWO + " PT0.25S PT1M");
  }

  @Test
  void actionOfALaterVersion_isRefused() {
    desk.accept(command(CommandAction.UNKNOWN).build());

    assertOnlyResult(CommandOutcome.REFUSED, "later version");
  }

  @Test
  void flood_isRefused_andAMinuteLaterItIsHeardAgain() {
    for (int i = 0; i < 1_000; i++) {
      desk.accept(command(CommandAction.KEYFRAME).setDomain(ONE.toString()).build());
    }
    assertThat(orders.asked).hasSize(CommandDesk.MOST_A_MINUTE);
    assertThat(results.latest()).hasSize(Results.KEPT);

    now += 60_000_000;
    desk.accept(command(CommandAction.KEYFRAME).setDomain(ONE.toString()).build());
    assertThat(orders.asked).hasSize(CommandDesk.MOST_A_MINUTE + 1);
  }

  @Test
  void longMessages_areCut() {
    desk.accept(command(CommandAction.HOLD).setDomain("x".repeat(100_000)).build());

    assertThat(results.latest().get(0).getMessage()).hasSizeLessThan(1_001);
  }

  private void assertOnlyResult(CommandOutcome outcome, String part) {
    assertThat(orders.asked).isEmpty();
    assertThat(results.latest()).hasSize(1);
    assertThat(results.latest().get(0).getOutcome()).isEqualTo(outcome);
    assertThat(results.latest().get(0).getMessage()).contains(part);
  }

  private Command interval(Long every, Long length) {
    return command(CommandAction.INTERVAL)
        .setIntervalMillis(every)
        .setDurationMillis(length)
        .build();
  }

  private static Command.Builder command(CommandAction action) {
    return Command.newBuilder()
        .setId(UUID.randomUUID().toString())
        .setHost("host")
        .setIssuedAt(0)
        .setExpiresAt(Long.MAX_VALUE)
        .setIssuer("test")
        .setAction(action);
  }

  /** Keeps what was asked and does nothing. */
  private static final class FakeOrders implements Orders {
    final List<String> asked = new ArrayList<>();
    final List<Consumer<Reply>> replies = new ArrayList<>();

    @Override
    public List<UUID> domains() {
      return List.of(ONE, TWO);
    }

    @Override
    public void keyframe(UUID domain, String command, long expiresAt, Consumer<Reply> reply) {
      asked.add("keyframe " + domain);
      replies.add(reply);
    }

    @Override
    public void interval(
        UUID domain, String command, Duration every, Duration length, Consumer<Reply> reply) {
      asked.add("interval %s %s %s".formatted(domain, every, length));
    }

    @Override
    public void hold(UUID domain, String command, long expiresAt, Consumer<Reply> reply) {
      asked.add("hold " + domain);
    }
  }
}
