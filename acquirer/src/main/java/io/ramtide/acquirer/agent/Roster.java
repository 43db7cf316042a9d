package io.ramtide.acquirer.agent;

import io.ramtide.acquirer.agent.command.Orders;
import io.ramtide.acquirer.agent.command.Reply;
import io.ramtide.acquirer.agent.domain.Ask;
import io.ramtide.acquirer.agent.domain.Domain;
import io.ramtide.acquirer.agent.domain.DomainStatus;
import io.ramtide.acquirer.agent.domain.Turn;
import io.ramtide.acquirer.agent.evidence.Evidence;
import io.ramtide.acquirer.agent.lane.LaneReporter;
import io.ramtide.acquirer.agent.lane.Lanes;
import io.ramtide.acquirer.live.GuestGoneException;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.schemas.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The domains that are captured at present, and what becomes of them. */
final class Roster implements Orders, LaneReporter {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private final AgentOptions options;
  private final AgentListener listener;
  private final Tally tally;
  private final Runnable changed;
  private final Map<UUID, Domain> domains = new ConcurrentHashMap<>();
  private Lanes lanes;
  private Evidence evidence;
  private Runnable lookAgain = () -> {};

  /**
   * @param changed is told when a heartbeat would tell something new
   */
  Roster(AgentOptions options, AgentListener listener, Tally tally, Runnable changed) {
    this.options = options;
    this.listener = listener;
    this.tally = tally;
    this.changed = changed;
  }

  /** What it works with; to be called once, before anything else. */
  void use(Lanes captureWith, Evidence holdWith, Runnable lookForGuests) {
    lanes = captureWith;
    evidence = holdWith;
    lookAgain = lookForGuests;
  }

  Collection<Domain> all() {
    return domains.values();
  }

  List<DomainStatus> statuses() {
    return domains.values().stream()
        .map(Domain::status)
        .sorted(Comparator.comparing(status -> status.record().getName()))
        .toList();
  }

  /** Whether the guest is captured already, in this run of it and by a connection that works. */
  boolean knows(LiveGuest guest) {
    Domain known = domains.get(guest.uuid());
    return tally.isDone(guest.uuid()) || (known != null && known.isOf(guest));
  }

  /** A guest runs that is wanted: new, or in another run, or known by another connection. */
  void found(LiveGuest guest, boolean standsStill) {
    Domain known = domains.get(guest.uuid());
    if (known != null) {
      known.replace(guest, standsStill);
      changed.run();
      return;
    }
    if (tally.isDone(guest.uuid())) {
      return;
    }
    Domain domain = new Domain(guest, options.every(), options.captures());
    domain.standsStill(standsStill);
    domains.put(guest.uuid(), domain);
    tally.appeared(guest.uuid(), guest.name());
    LOG.atInfo()
        .addKeyValue("domain", guest.uuid())
        .log("{}: captured every {} ms from now on", guest.name(), options.every().toMillis());
    listener.appeared(guest.uuid(), guest.name());
    lanes.add(domain);
    changed.run();
  }

  /** The guest does not run here any more, or has all it was to have. */
  void end(Domain domain, String why) {
    if (!domains.remove(domain.uuid(), domain)) {
      return;
    }
    domain.end(why);
    lanes.remove(domain);
    LOG.atInfo().addKeyValue("domain", domain.uuid()).log("{}: {}", domain.name(), why);
    tally.ended(domain.uuid(), domain.isComplete());
    listener.ended(domain.uuid(), domain.name(), why);
    changed.run();
  }

  /** The hypervisor does not answer. */
  void suspend(String why) {
    domains.values().forEach(domain -> domain.suspend(why));
    changed.run();
  }

  /** A guest was paused or runs on, by somebody else. */
  void standsStill(UUID uuid, boolean still) {
    Domain domain = domains.get(uuid);
    if (domain != null) {
      domain.standsStill(still);
    }
  }

  @Override
  public void captured(Domain domain, Turn turn, Method method, Manifest manifest) {
    boolean wasFailing = domain.failuresInARow() > 0;
    domain.captured(turn, method, manifest);
    tally.captured(domain.uuid());
    var line =
        (wasFailing || manifest.getPrevious() == null ? LOG.atInfo() : LOG.atDebug())
            .addKeyValue("domain", domain.uuid())
            .addKeyValue("capture", manifest.getCapture())
            .addKeyValue("kind", manifest.getKind())
            .addKeyValue("method", manifest.getMethod())
            .addKeyValue("dataFrames", manifest.getDataFrames())
            .addKeyValue("micros", manifest.getEndedAt() - manifest.getStartedAt());
    line.log("{}: capture {}", domain.name(), manifest.getCapture());
    listener.captured(manifest);
    if (domain.isComplete()) {
      end(domain, "it has its %d captures".formatted(options.captures().getAsLong()));
    }
    if (wasFailing || !turn.asked().isEmpty()) {
      changed.run();
    }
  }

  @Override
  public void failed(Domain domain, Turn turn, Exception reason) {
    String why = reason.getMessage() == null ? reason.getClass().getSimpleName() : reason.getMessage();
    domain.failed(turn, why);
    tally.failed(domain.uuid(), reason);
    // Once, not with every capture that is given up.
    (domain.failuresInARow() == 1 ? LOG.atWarn() : LOG.atDebug())
        .addKeyValue("domain", domain.uuid())
        .log("{}: {}", domain.name(), why);
    listener.failed(domain.uuid(), domain.name(), reason);
    if (GuestGoneException.class.isInstance(rootOf(reason))) {
      lookAgain.run();
    }
    if (options.captures().isPresent() && domain.failuresInARow() >= Tally.PATIENCE) {
      end(domain, "given up after %d failures in a row".formatted(Tally.PATIENCE));
    }
    changed.run();
  }

  @Override
  public void died(Throwable why) {
    tally.died(why);
  }

  private static Throwable rootOf(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; depth < 20 && !(cause instanceof GuestGoneException); depth++) {
      if (cause.getCause() == null) {
        return cause;
      }
      cause = cause.getCause();
    }
    return cause;
  }

  @Override
  public List<UUID> domains() {
    return List.copyOf(domains.keySet());
  }

  @Override
  public void keyframe(UUID uuid, String command, long expiresAt, Consumer<Reply> reply) {
    Domain domain = domains.get(uuid);
    if (domain == null) {
      reply.accept(Reply.refused("domain %s has just ended".formatted(uuid)));
    } else {
      domain.keyframe(new Ask(command, expiresAt, reply));
    }
  }

  @Override
  public void interval(
      UUID uuid, String command, Duration every, Duration length, Consumer<Reply> reply) {
    Domain domain = domains.get(uuid);
    if (domain == null) {
      reply.accept(Reply.refused("domain %s has just ended".formatted(uuid)));
      return;
    }
    domain.interval(every, length);
    changed.run();
    reply.accept(
        Reply.done(
            "%s: every %d ms until %s"
                .formatted(
                    domain.name(),
                    every.toMillis(),
                    Instant.now().plus(length).truncatedTo(ChronoUnit.SECONDS))));
  }

  @Override
  public void hold(UUID uuid, String command, long expiresAt, Consumer<Reply> reply) {
    Domain domain = domains.get(uuid);
    if (domain == null) {
      reply.accept(Reply.refused("domain %s has just ended".formatted(uuid)));
    } else {
      evidence.hold(uuid, domain.name(), command, expiresAt, reply);
    }
  }
}
