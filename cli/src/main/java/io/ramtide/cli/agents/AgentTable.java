package io.ramtide.cli.agents;

import io.ramtide.cli.term.Style;
import io.ramtide.cli.term.Table;
import io.ramtide.cli.term.Terminal;
import io.ramtide.schemas.AgentDomain;
import io.ramtide.schemas.AgentState;
import io.ramtide.schemas.AgentStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Locale;

/** Heartbeats for people: a line a domain. */
public final class AgentTable {
  /** A heartbeat may be late by this, for clocks differ and networks wait. */
  private static final int LATE = 3;

  private static final int MANY_DAYS = 3;

  private final Instant now;

  public AgentTable(Instant now) {
    this.now = now;
  }

  public void print(Collection<AgentStatus> agents, Terminal terminal) {
    Table table =
        new Table()
            .text("HOST")
            .text("STATE")
            .text("HEARD")
            .text("DOMAIN")
            .text("DOMAIN STATE")
            .text("METHOD")
            .number("EVERY")
            .number("CAPTURES")
            .number("GIVEN UP")
            .number("LAST")
            .text("AGE")
            .wide("TROUBLE");
    for (AgentStatus agent : agents) {
      String state = state(agent);
      Style style = state.equals("running") ? Style.PLAIN : Style.YELLOW;
      if (agent.getDomains().isEmpty()) {
        table.row(
            style, agent.getHost(), state, age(agent.getAt()), null, null, null, null, null, null,
            null, null, null);
      }
      for (AgentDomain domain : agent.getDomains()) {
        table.row(
            domain.getTrouble() == null ? style : Style.YELLOW,
            agent.getHost(),
            state,
            age(agent.getAt()),
            domain.getName(),
            domain.getState(),
            domain.getMethod(),
            domain.getIntervalMillis() + " ms",
            domain.getCaptures(),
            domain.getFailures(),
            domain.getLastCapture(),
            domain.getLastCaptureAt() == null ? null : age(domain.getLastCaptureAt()),
            domain.getTrouble());
      }
    }
    table.print(terminal);
  }

  /** What the agent says of itself, or that it should have said something by now. */
  String state(AgentStatus agent) {
    long dueMicros = agent.getAt() + LATE * 1000 * Math.max(0, agent.getHeartbeatMillis());
    if (agent.getState() != AgentState.STOPPED && micros() > dueMicros) {
      return "overdue";
    }
    return agent.getState().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, now);
  }

  private String age(long micros) {
    Duration age = Duration.of(Math.max(0, micros() - micros), ChronoUnit.MICROS);
    if (age.toSeconds() < 100) {
      return "%d.%d s ago".formatted(age.toSeconds(), age.toMillisPart() / 100);
    }
    if (age.toHours() < 2) {
      return age.toMinutes() + " min ago";
    }
    return age.toDays() < MANY_DAYS ? age.toHours() + " h ago" : age.toDays() + " d ago";
  }
}
