package io.ramtide.acquirer.agent.lane;

import io.ramtide.acquirer.agent.domain.Domain;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** As many lanes as are needed, up to a number; every domain stays on one. */
public final class Lanes implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

  /** Longer than the broker's client takes to give up: what hangs so long is the guest's. */
  private static final long HANGS = TimeUnit.SECONDS.toNanos(150);

  /** For captures in hand, when the agent ends. */
  private static final long GRACE_MILLIS = 5_000;

  /** Lanes that hang are replaced, up to so many. */
  private static final int MOST_LOST = 8;

  private final int most;
  private final LaneTools tools;
  private final List<Lane> lanes = new ArrayList<>();
  private final List<Lane> lost = new ArrayList<>();
  private int made;

  /**
   * @param first of the first lane, already connected
   */
  public Lanes(int most, LaneTools tools, Capturer first) {
    this.most = most;
    this.tools = tools;
    lanes.add(new Lane(++made, tools, first));
  }

  /** Captures the domain until it is removed. */
  public synchronized void add(Domain domain) {
    Lane least = lanes.stream().min(Comparator.comparingInt(lane -> lane.domains().size())).get();
    if (!least.domains().isEmpty() && lanes.size() < most) {
      least = new Lane(++made, tools, null);
      lanes.add(least);
    }
    least.add(domain);
  }

  public synchronized void remove(Domain domain) {
    lanes.forEach(lane -> lane.remove(domain));
    lost.forEach(lane -> lane.remove(domain));
  }

  /** To be called now and then: domains behind one that hangs get another lane. */
  public synchronized void rescue() {
    for (int i = 0; i < lanes.size(); i++) {
      Lane lane = lanes.get(i);
      if (lane.domains().size() < 2 || lost.size() == MOST_LOST || !lane.hangs(HANGS)) {
        continue;
      }
      Lane spare = new Lane(++made, tools, null);
      lanes.set(i, spare);
      lost.add(lane);
      for (Domain domain : List.copyOf(lane.domains())) {
        if (!domain.isCapturing()) {
          lane.remove(domain);
          spare.add(domain);
        } else {
          LOG.atWarn()
              .addKeyValue("domain", domain.uuid())
              .log("{}: its capture hangs; the other domains go on without it", domain.name());
        }
      }
    }
  }

  /** Lanes at work. */
  public synchronized int size() {
    return lanes.size() + lost.size();
  }

  /** Ends after the captures in hand, which have some seconds. */
  @Override
  public void close() {
    tools.stop().begin();
    List<Lane> all;
    synchronized (this) {
      all = new ArrayList<>(lanes);
      all.addAll(lost);
    }
    all.forEach(Lane::wake);
    try {
      if (!join(all)) {
        tools.stop().abort();
        all.forEach(Lane::interrupt);
        if (!join(all)) {
          LOG.warn("a capture hangs and is left to itself; nothing of it becomes visible");
        }
      }
    } catch (InterruptedException e) {
      tools.stop().abort();
      Thread.currentThread().interrupt();
    }
  }

  private static boolean join(List<Lane> all) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS);
    boolean ended = true;
    for (Lane lane : all) {
      long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
      ended &= lane.join(left);
    }
    return ended;
  }
}
