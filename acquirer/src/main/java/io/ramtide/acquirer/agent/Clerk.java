package io.ramtide.acquirer.agent;

import io.ramtide.acquirer.agent.command.CommandDesk;
import io.ramtide.acquirer.agent.command.CommandLog;
import io.ramtide.acquirer.agent.domain.Domain;
import io.ramtide.acquirer.agent.lane.Lanes;
import io.ramtide.acquirer.agent.lane.Stop;
import io.ramtide.acquirer.agent.status.Heartbeats;
import io.ramtide.schemas.Command;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads commands and writes heartbeats, on a thread of its own. */
final class Clerk {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
  private static final Duration POLL = Duration.ofMillis(250);

  private final CommandLog commands;
  private final CommandDesk desk;
  private final Heartbeats heartbeats;
  private final Roster roster;
  private final Lanes lanes;
  private final Stop stop;
  private OptionalLong next = OptionalLong.empty();
  private boolean failing;

  Clerk(
      CommandLog commands,
      CommandDesk desk,
      Heartbeats heartbeats,
      Roster roster,
      Lanes lanes,
      Stop stop) {
    this.commands = commands;
    this.desk = desk;
    this.heartbeats = heartbeats;
    this.roster = roster;
    this.lanes = lanes;
    this.stop = stop;
  }

  void run() {
    try {
      while (!stop.isStopping()) {
        obey();
        roster.all().forEach(Domain::expire);
        lanes.rescue();
        heartbeats.beatIfDue(next);
      }
    } catch (WakeupException | InterruptException e) {
      // The agent ends.
    } catch (RuntimeException | Error e) {
      if (!stop.isStopping()) {
        roster.died(e);
      }
    }
  }

  private void obey() {
    try {
      List<Command> read = commands.poll(POLL);
      next = OptionalLong.of(commands.next());
      read.forEach(desk::accept);
      if (failing) {
        failing = false;
        LOG.info("commands can be read again");
      }
    } catch (WakeupException | InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      // E.g. no permission: captures go on, and perhaps it is granted.
      if (!failing) {
        failing = true;
        LOG.warn("commands cannot be read: {}", e.getMessage());
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
  }

  /** Ends the wait for commands, from another thread. */
  void wake() {
    commands.wakeup();
  }

  /** The last heartbeat; to be called when {@link #run} has ended. */
  void close() {
    try {
      var unused = heartbeats.last(next);
    } catch (KafkaException e) {
      LOG.debug("the last heartbeat was not sent", e);
    }
    commands.close();
  }
}
