package io.ramtide.acquirer.agent;

import io.ramtide.acquirer.agent.domain.Domain;
import io.ramtide.acquirer.agent.lane.Stop;
import io.ramtide.acquirer.libvirt.GuestEvent;
import io.ramtide.acquirer.libvirt.HypervisorFacts;
import io.ramtide.acquirer.live.LiveGuest;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which guests run: looks at the list when an event says that something happened, and now and
 * then anyway, so that a lost event is no lost guest. Connects again when the hypervisor was away.
 */
final class HostWatch {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long POLL_MILLIS = 100;

  /** Guests can cause events, e.g. by rebooting: the list is looked at no more often than that. */
  private static final long SHORTEST_LOOK = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long SAME_NEWS = TimeUnit.MINUTES.toNanos(1);
  private static final long FIRST_RETRY = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long LAST_RETRY = TimeUnit.SECONDS.toNanos(15);

  /** Events are hints, the list is the truth: what is beyond that is left out. */
  private static final int MOST_EVENTS = 4096;

  private static final Map<GuestEvent.Reason, String> REASONS =
      new EnumMap<>(
          Map.of(
              GuestEvent.Reason.SHUTDOWN, "it was shut down",
              GuestEvent.Reason.DESTROYED, "it was destroyed",
              GuestEvent.Reason.CRASHED, "it crashed",
              GuestEvent.Reason.MIGRATED_AWAY, "it was migrated to another host",
              GuestEvent.Reason.SAVED, "it was saved to a file",
              GuestEvent.Reason.FAILED, "it failed",
              GuestEvent.Reason.OTHER, "it stopped"));

  private final String uri;
  private final DomainFilter filter;
  private final Host.Connector connector;
  private final Roster roster;
  private final GuestCare care;
  private final Stop stop;
  private final LinkedBlockingQueue<GuestEvent> events = new LinkedBlockingQueue<>(MOST_EVENTS);
  private final Map<UUID, GuestEvent.Reason> reasons = new HashMap<>();

  /** When it was said that a guest rebooted, by System.nanoTime. */
  private final Map<UUID, Long> rebootsTold = new HashMap<>();

  private volatile Host host;
  private volatile boolean lookNow;
  private volatile HypervisorFacts facts;
  private boolean newConnection;
  private long lookedAt;
  private long retryAt;
  private long retryNanos = FIRST_RETRY;

  HostWatch(
      AgentOptions options, Host.Connector connector, Roster roster, GuestCare care, Stop stop) {
    uri = options.uri();
    filter = new DomainFilter(options.domains());
    this.connector = connector;
    this.roster = roster;
    this.care = care;
    this.stop = stop;
  }

  /**
   * Connects and takes up the guests that run.
   *
   * @return the names of all guests that run, also of those that are not wanted
   */
  List<String> begin() throws IOException {
    connect();
    return look();
  }

  /** Watches until the agent ends; on a thread of its own. */
  void run() {
    try {
      while (!stop.isStopping()) {
        GuestEvent event = events.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        for (int left = MOST_EVENTS; event != null; event = --left > 0 ? events.poll() : null) {
          heed(event);
        }
        step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      if (!stop.isStopping()) {
        roster.died(e);
      }
    }
    if (stop.isStopping()) {
      close(); // What was connected to while the agent ended.
    }
  }

  private void step() {
    long now = System.nanoTime();
    Host connected = host;
    if (connected != null && !connected.isAlive()) {
      lose("libvirt at %s does not answer any more".formatted(uri));
    } else if (connected == null) {
      if (now - retryAt >= 0) {
        retry();
      }
    } else if (now - lookedAt > (lookNow ? SHORTEST_LOOK : LOOK_NANOS)) {
      lookNow = false;
      try {
        look();
      } catch (IOException e) {
        if (connected.isAlive()) {
          LOG.warn("{}: cannot list the guests: {}", uri, e.getMessage());
        }
      }
    }
  }

  private void heed(GuestEvent event) {
    if (event instanceof GuestEvent.Stopped stopped) {
      reasons.put(stopped.uuid(), stopped.reason());
    } else if (event instanceof GuestEvent.Suspended suspended && !suspended.own()) {
      roster.standsStill(suspended.uuid(), true);
    } else if (event instanceof GuestEvent.Resumed resumed && !resumed.own()) {
      roster.standsStill(resumed.uuid(), false);
    } else if (event instanceof GuestEvent.DeviceAdded added) {
      LOG.info(
          "{}: {} was plugged; the next capture has the layout then", added.name(), added.alias());
    } else if (event instanceof GuestEvent.DeviceRemoved removed) {
      LOG.info("{}: {} was unplugged", removed.name(), removed.alias());
    } else if (event instanceof GuestEvent.Rebooted rebooted) {
      tell(rebooted);
    }
    lookNow = true;
  }

  /** A guest can reboot as often as it likes: that is not said every time. */
  private void tell(GuestEvent.Rebooted rebooted) {
    long now = System.nanoTime();
    Long told = rebootsTold.get(rebooted.uuid());
    if (told == null || now - told > SAME_NEWS) {
      rebootsTold.put(rebooted.uuid(), now);
      LOG.info("{}: rebooted", rebooted.name());
    } else {
      LOG.debug("{}: rebooted", rebooted.name());
    }
  }

  private void connect() throws IOException {
    Host[] own = new Host[1];
    Host made =
        connector.connect(
            uri,
            event -> {
              // Of a connection that was given up meanwhile, nothing is heard.
              if (own[0] == null || own[0] == host || host == null) {
                events.offer(event);
              }
            });
    own[0] = made;
    host = made;
    facts = made.facts();
    newConnection = true;
    retryNanos = FIRST_RETRY;
  }

  private void retry() {
    try {
      connect();
      LOG.info("libvirt at {} answers again", uri);
      look();
    } catch (IOException e) {
      LOG.debug("{}: {}", uri, e.getMessage());
      if (host != null) {
        lose("libvirt at %s does not answer: %s".formatted(uri, e.getMessage()));
      }
      retryAt = System.nanoTime() + retryNanos;
      retryNanos = Math.min(LAST_RETRY, retryNanos * 2);
    }
  }

  private void lose(String why) {
    Host lost = host;
    host = null;
    LOG.warn("{}; trying again until it does", why);
    roster.suspend(why);
    lost.close();
    retryAt = System.nanoTime();
  }

  private List<String> look() throws IOException {
    lookedAt = System.nanoTime();
    List<LiveGuest> guests = host.guests();
    Set<UUID> running = new HashSet<>();
    for (LiveGuest guest : guests) {
      running.add(guest.uuid());
      if (newConnection) {
        appeared(guest);
      }
      if (filter.wants(guest.uuid(), guest.name())) {
        take(guest);
      }
    }
    newConnection = false;
    for (Domain domain : roster.all()) {
      if (!running.contains(domain.uuid())) {
        GuestEvent.Reason reason = reasons.getOrDefault(domain.uuid(), GuestEvent.Reason.OTHER);
        roster.end(domain, REASONS.get(reason));
      }
    }
    reasons.keySet().retainAll(running);
    rebootsTold.keySet().retainAll(running);
    return guests.stream().map(LiveGuest::name).sorted().toList();
  }

  private void take(LiveGuest guest) {
    try {
      boolean known = roster.knows(guest);
      if (known && !newConnection) {
        return;
      }
      if (!newConnection) {
        appeared(guest);
      }
      roster.found(guest, guest.isPaused());
    } catch (IOException e) {
      LOG.debug(
          "{}: {}", guest.name(), e.getMessage()); // It has just ended, or the next look finds out.
    }
  }

  /** What a guest's QEMU answers meanwhile may be anything, and is no reason to end. */
  private void appeared(LiveGuest guest) {
    try {
      care.appeared(guest);
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("domain", guest.uuid())
          .log("{}: looking after it failed", guest.name(), e);
    }
  }

  /** The list of guests is looked at soon. */
  void lookAgain() {
    lookNow = true;
  }

  boolean isConnected() {
    return host != null;
  }

  /** Of the last connection. */
  Optional<HypervisorFacts> facts() {
    return Optional.ofNullable(facts);
  }

  /** To be called when {@link #run} has ended. */
  void close() {
    Host last = host;
    host = null;
    if (last != null) {
      last.close();
    }
  }
}
