package io.ramtide.acquirer.agent.command;

import io.ramtide.acquirer.pages.Clocks;
import io.ramtide.schemas.Command;
import io.ramtide.schemas.CommandAction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges commands, and passes on what can be done. Whoever writes them is not trusted. */
public final class CommandDesk {
  private static final Logger LOG = LoggerFactory.getLogger(CommandDesk.class);

  static final int MOST_A_MINUTE = 60;
  static final Duration LONGEST_WHILE = Duration.ofDays(7);

  private static final long MINUTE_MICROS = 60_000_000;
  private static final int SHOWN = 100;

  private final Orders orders;
  private final Results results;
  private final LongSupplier nowMicros;
  private long minuteBegan;
  private int thisMinute;

  public CommandDesk(Orders orders, Results results) {
    this(orders, results, Clocks::micros);
  }

  CommandDesk(Orders orders, Results results, LongSupplier nowMicros) {
    this.orders = orders;
    this.results = results;
    this.nowMicros = nowMicros;
  }

  /** Takes a command to this host. */
  public void accept(Command command) {
    String id = command.getId();
    if (!results.claim(id)) {
      return;
    }
    Consumer<Reply> whole = reply -> finish(command, reply);
    if (nowMicros.getAsLong() >= command.getExpiresAt()) {
      whole.accept(Reply.expired("it expired before the acquirer saw it"));
      return;
    }
    if (isFlood()) {
      whole.accept(
          Reply.refused("more than %d commands came in a minute".formatted(MOST_A_MINUTE)));
      return;
    }
    List<UUID> domains = domains(command);
    if (domains.isEmpty()) {
      whole.accept(
          Reply.refused(
              command.getDomain() == null
                  ? "this acquirer captures no domain at present"
                  : "this acquirer does not capture the domain " + shown(command.getDomain())));
      return;
    }
    Optional<String> wrong = wrong(command);
    if (wrong.isPresent()) {
      whole.accept(Reply.refused(wrong.get()));
      return;
    }
    LOG.atInfo()
        .addKeyValue("command", id)
        .addKeyValue("issuer", shown(command.getIssuer()))
        .log("{} is asked for: {}", command.getAction(), shown(command.getReason()));
    CommandTask task = new CommandTask(domains.size(), whole);
    for (UUID domain : domains) {
      begin(command, domain, task::answer);
    }
  }

  private void begin(Command command, UUID domain, Consumer<Reply> reply) {
    String id = command.getId();
    switch (command.getAction()) {
      case KEYFRAME -> orders.keyframe(domain, id, command.getExpiresAt(), reply);
      case HOLD -> orders.hold(domain, id, command.getExpiresAt(), reply);
      case INTERVAL ->
          orders.interval(
              domain,
              id,
              Duration.ofMillis(command.getIntervalMillis()),
              Duration.ofMillis(command.getDurationMillis()),
              reply);
      case UNKNOWN -> throw new IllegalStateException("refused before");
    }
  }

  /** What cannot be done about the command, whatever the domain. */
  private static Optional<String> wrong(Command command) {
    if (command.getAction() == CommandAction.UNKNOWN) {
      return Optional.of("an action of a later version: upgrade this acquirer");
    }
    if (command.getAction() != CommandAction.INTERVAL) {
      return Optional.empty();
    }
    Long every = command.getIntervalMillis();
    Long length = command.getDurationMillis();
    if (every == null
        || every < Orders.SHORTEST_INTERVAL.toMillis()
        || every > Orders.LONGEST_INTERVAL.toMillis()) {
      return Optional.of("intervalMillis is %s: must be 50 to 86400000".formatted(every));
    }
    if (length == null || length < 1 || length > LONGEST_WHILE.toMillis()) {
      return Optional.of(
          "durationMillis is %s: must be 1 to %d".formatted(length, LONGEST_WHILE.toMillis()));
    }
    return Optional.empty();
  }

  private List<UUID> domains(Command command) {
    List<UUID> captured = orders.domains();
    return command.getDomain() == null
        ? captured
        : captured.stream()
            .filter(domain -> domain.toString().equals(command.getDomain()))
            .toList();
  }

  private boolean isFlood() {
    long now = nowMicros.getAsLong();
    if (now - minuteBegan >= MINUTE_MICROS || now < minuteBegan) {
      minuteBegan = now;
      thisMinute = 0;
    }
    return ++thisMinute > MOST_A_MINUTE;
  }

  private void finish(Command command, Reply reply) {
    LOG.atInfo()
        .addKeyValue("command", command.getId())
        .addKeyValue("outcome", reply.outcome())
        .log("{}: {}: {}", command.getAction(), reply.outcome(), reply.message());
    results.add(command.getId(), reply, nowMicros.getAsLong());
  }

  private static String shown(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }
}
