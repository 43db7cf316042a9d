package io.ramtide.acquirer.agent;

import io.ramtide.acquirer.CaptureException;
import io.ramtide.acquirer.Program;
import io.ramtide.acquirer.Rejections;
import io.ramtide.acquirer.agent.budget.Budget;
import io.ramtide.acquirer.agent.command.CommandDesk;
import io.ramtide.acquirer.agent.command.CommandLog;
import io.ramtide.acquirer.agent.command.Results;
import io.ramtide.acquirer.agent.domain.DomainStatus;
import io.ramtide.acquirer.agent.evidence.Evidence;
import io.ramtide.acquirer.agent.lane.Capturer;
import io.ramtide.acquirer.agent.lane.LaneTools;
import io.ramtide.acquirer.agent.lane.Lanes;
import io.ramtide.acquirer.agent.lane.Stop;
import io.ramtide.acquirer.agent.status.AgentView;
import io.ramtide.acquirer.agent.status.Heartbeats;
import io.ramtide.acquirer.agent.status.LastHeartbeat;
import io.ramtide.schemas.AgentStatus;
import io.ramtide.schemas.Capability;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Captures the running guests of a host, each at its interval, until it is closed. */
public final class Agent implements Closeable {
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
  private static final long JOIN_MILLIS = 5_000;
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private final AgentOptions options;
  private final Tally tally;
  private final Stop stop = new Stop();
  private final Budget budget;
  private final Producer<byte[], byte[]> producer;
  private final GuestCare care;
  private final Roster roster;
  private final HostWatch watch;
  private final Lanes lanes;
  private final Evidence evidence;
  private final Clerk clerk;
  private final Thread watching;
  private final Thread clerking;
  private boolean closed;

  private Agent(AgentParts parts, AgentOptions options, AgentListener listener)
      throws CaptureException, IOException {
    this.options = options;
    tally = new Tally(options.captures().isPresent());
    budget = new Budget(options.limits());
    care = parts.care();
    Capturer first = parts.capturers().connect(); // A broker that is not there is told before all.
    producer = parts.producers().get();
    Consumer<byte[], byte[]> consumer = parts.consumers().get();
    Optional<AgentStatus> before = before(consumer);
    HeartbeatBell bell = new HeartbeatBell();
    roster = new Roster(options, listener, tally, bell);
    LaneTools tools =
        new LaneTools(parts.capturers(), parts.methods(), options.method(), budget, stop, roster);
    watch = new HostWatch(options, parts.hosts(), roster, care, stop);
    lanes = new Lanes(options.lanes(), tools, first);
    evidence = new Evidence(producer, parts.consumers(), budget);
    roster.use(lanes, evidence, watch::lookAgain);
    Results results = new Results(before.map(AgentStatus::getResults).orElse(List.of()), bell);
    Heartbeats heartbeats = new Heartbeats(producer, new View(), results);
    bell.rings(heartbeats);
    OptionalLong readBefore =
        before
            .map(AgentStatus::getCommandOffset)
            .map(OptionalLong::of)
            .orElse(OptionalLong.empty());
    CommandLog log = new CommandLog(consumer, Program.HOST, new Rejections(producer), readBefore);
    CommandDesk desk = new CommandDesk(roster, results);
    clerk = new Clerk(log, desk, heartbeats, roster, lanes, stop);
    watching = new Thread(watch::run, "ramtide-watch");
    clerking = new Thread(clerk::run, "ramtide-clerk");
    watching.setDaemon(true);
    clerking.setDaemon(true);
  }

  /**
   * Connects to hypervisor and broker, lets guests run that an earlier agent left paused, and
   * begins.
   *
   * @param clientConfig any Kafka client properties, with bootstrap.servers
   * @throws CaptureException if the broker does not answer or lacks topics, or the key is wrong
   * @throws IOException if the hypervisor does not answer or refuses; with options.captures also if
   *     no guest is there to capture
   */
  public static Agent start(
      Map<String, Object> clientConfig, AgentOptions options, AgentListener listener)
      throws CaptureException, IOException {
    return start(AgentParts.of(clientConfig, options), options, listener);
  }

  static Agent start(AgentParts parts, AgentOptions options, AgentListener listener)
      throws CaptureException, IOException {
    Agent agent;
    try {
      agent = new Agent(parts, options, listener);
    } catch (KafkaException e) {
      throw new CaptureException(
          CaptureException.Cause.BROKER,
          "the broker does not let this agent read commands or earlier heartbeats: "
              + e.getMessage(),
          e);
    }
    boolean begun = false;
    try {
      agent.begin();
      begun = true;
      return agent;
    } finally {
      if (!begun) {
        agent.close();
      }
    }
  }

  private void begin() throws IOException {
    List<String> guests = watch.begin();
    if (roster.all().isEmpty() && options.captures().isPresent()) {
      throw new NoGuestException(options, guests);
    }
    watching.start();
    clerking.start();
  }

  private static Optional<AgentStatus> before(Consumer<byte[], byte[]> consumer) {
    return LastHeartbeat.of(consumer, Program.HOST);
  }

  /** Waits until every domain has its captures, if there is a number of them, or until close. */
  public AgentOutcome await() throws InterruptedException {
    return tally.await();
  }

  /** What there is to tell of it. */
  public AgentView view() {
    return new View();
  }

  /** Ends after the captures in hand, which have some seconds; no guest stays paused. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    lanes.close();
    evidence.close();
    clerk.wake();
    try {
      watching.join(JOIN_MILLIS);
      clerking.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (clerking.isAlive()) {
      // It waits for the broker, and its consumer is for one thread.
      LOG.warn("the broker does not answer: no last heartbeat is written");
    } else {
      clerk.close();
    }
    watch.close();
    producer.close(CLOSE_PATIENCE);
    tally.close();
  }

  /** Reads everything where it is. */
  private final class View implements AgentView {
    @Override
    public String uri() {
      return options.uri();
    }

    @Override
    public boolean isConnected() {
      return watch.isConnected();
    }

    @Override
    public Optional<String> hypervisor() {
      return watch
          .facts()
          .map(facts -> facts.version().map(v -> facts.type() + " " + v).orElse(facts.type()));
    }

    @Override
    public List<Capability> capabilities() {
      return care.capabilities();
    }

    @Override
    public List<DomainStatus> domains() {
      return roster.statuses();
    }

    @Override
    public int lanes() {
      return lanes.size();
    }

    @Override
    public long sentBytes() {
      return budget.sentBytes();
    }

    @Override
    public long waitedNanos() {
      return budget.waitedNanos();
    }
  }

  /** Rings for a heartbeat once there is one who writes them. */
  private static final class HeartbeatBell implements Runnable {
    private volatile Heartbeats heartbeats;

    void rings(Heartbeats ready) {
      heartbeats = ready;
    }

    @Override
    public void run() {
      Heartbeats ready = heartbeats;
      if (ready != null) {
        ready.changed();
      }
    }
  }
}
