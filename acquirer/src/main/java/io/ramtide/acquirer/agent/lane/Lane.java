package io.ramtide.acquirer.agent.lane;

import io.ramtide.acquirer.CaptureException;
import io.ramtide.acquirer.agent.budget.Budget;
import io.ramtide.acquirer.agent.domain.Domain;
import io.ramtide.acquirer.agent.domain.Turn;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodUnavailableException;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.Manifest;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that captures some domains, one at a time, whichever is due first. */
final class Lane {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
  private static final long LONGEST_NAP = TimeUnit.SECONDS.toNanos(1);
  private static final String STANDS_STILL =
      "The guest's processors stood still when the capture began, and not for it.";

  private final LaneTools tools;
  private final Thread thread;
  private final List<Domain> domains = new CopyOnWriteArrayList<>();
  private final Map<Domain, DomainReader> readers = new HashMap<>();
  private Capturer capturer;

  /** By System.nanoTime; null while nothing is in hand. */
  private volatile Long aliveAt;

  /**
   * @param capturer already connected, or null: the first capture connects
   */
  Lane(int number, LaneTools tools, Capturer capturer) {
    this.tools = tools;
    this.capturer = capturer;
    thread = new Thread(this::run, "ramtide-lane-" + number);
    thread.setDaemon(true);
    thread.start();
  }

  void add(Domain domain) {
    domain.onSooner(this::wake);
    domains.add(domain);
    wake();
  }

  /** The domain is captured by another lane from now on, or not any more. */
  void remove(Domain domain) {
    domains.remove(domain);
    wake();
  }

  List<Domain> domains() {
    return domains;
  }

  void wake() {
    LockSupport.unpark(thread);
  }

  /** Whether the capture in hand has not moved for so long. */
  boolean hangs(long nanos) {
    Long at = aliveAt;
    return at != null && System.nanoTime() - at > nanos;
  }

  private void run() {
    try {
      while (!tools.stop().isStopping()) {
        letGo();
        Domain next = earliest();
        long wait =
            next == null
                ? LONGEST_NAP
                : next.due().orElse(System.nanoTime() + LONGEST_NAP) - System.nanoTime();
        if (wait > 0) {
          LockSupport.parkNanos(this, Math.min(wait, LONGEST_NAP));
        } else {
          next.begin().ifPresent(turn -> capture(next, turn));
        }
      }
    } catch (RuntimeException | Error e) {
      tools.reporter().died(e);
    } finally {
      domains.clear();
      letGo();
      if (capturer != null) {
        capturer.close();
      }
    }
  }

  private Domain earliest() {
    Domain earliest = null;
    long due = 0;
    for (Domain domain : domains) {
      OptionalLong its = domain.due();
      if (its.isPresent() && (earliest == null || its.getAsLong() - due < 0)) {
        earliest = domain;
        due = its.getAsLong();
      }
    }
    return earliest;
  }

  private void letGo() {
    readers
        .entrySet()
        .removeIf(
            each -> {
              if (domains.contains(each.getKey())) {
                return false;
              }
              each.getValue().close();
              if (capturer != null) {
                capturer.forget(each.getKey().uuid());
              }
              return true;
            });
  }

  private void capture(Domain domain, Turn turn) {
    alive();
    DomainReader reader =
        readers.computeIfAbsent(
            domain, key -> new DomainReader(tools.methods(), tools.wanted()));
    try {
      Done done = capture(reader, domain, turn);
      tools.reporter().captured(domain, turn, done.method, done.manifest);
    } catch (CaptureException | IOException | RuntimeException | InternalError e) {
      if (cause(e, MethodUnavailableException.class) instanceof MethodUnavailableException why) {
        reader.unavailable(why);
      }
      tools
          .reporter()
          .failed(domain, turn, e instanceof Exception plain ? plain : new IOException(e));
    } finally {
      aliveAt = null;
    }
  }

  private record Done(Method method, Manifest manifest) {}

  private Done capture(DomainReader reader, Domain domain, Turn turn)
      throws CaptureException, IOException {
    if (capturer == null) {
      capturer = tools.capturers().connect();
    }
    capturer.prepare(domain.uuid());
    boolean mayWait = reader.method(turn.guest()) != Method.PAUSED;
    CaptureProgress progress =
        new CaptureProgress(tools.budget(), tools.stop(), this::alive, mayWait);
    progress.waitFirst();
    Manifest manifest = null;
    try (MemorySource opened = reader.open(turn.guest())) {
      MemorySource source = turn.standsStill() ? new WarnedSource(opened, STANDS_STILL) : opened;
      manifest = capturer.capture(domain.uuid(), domain.name(), source, turn.order(), progress);
    } catch (IOException e) {
      if (manifest == null) {
        throw e;
      }
      LOG.warn("{}: after capture {}", domain.name(), manifest.getCapture(), e);
    }
    Done done = new Done(reader.method(turn.guest()), manifest);
    progress.waitLast();
    return done;
  }

  private void alive() {
    aliveAt = System.nanoTime();
  }

  /** The exception's cause of a kind, or null. */
  static Throwable cause(Throwable thrown, Class<? extends Throwable> kind) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < 20; depth++, cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return cause;
      }
    }
    return null;
  }

  /** Gives up what is in hand: to be called when the stop is at once. */
  void interrupt() {
    thread.interrupt();
  }

  /** Whether the thread has ended within that time. */
  boolean join(long millis) throws InterruptedException {
    thread.join(Math.max(1, millis));
    return !thread.isAlive();
  }
}
