package io.ramtide.acquirer.agent.domain;

import io.ramtide.acquirer.CaptureOrder;
import io.ramtide.acquirer.agent.command.Reply;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.pages.Clocks;
import io.ramtide.schemas.AgentDomain;
import io.ramtide.schemas.Manifest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** A guest that the agent captures: its schedule, what it is asked, and how it goes. */
public final class Domain {
  /** Captures that fail are tried again later and later, up to this. */
  private static final Duration LONGEST_PENANCE = Duration.ofSeconds(5);

  /** A heartbeat has those of all domains, and must fit into a record. */
  private static final int LONGEST_TROUBLE = 300;

  private final UUID uuid;
  private final Schedule schedule;
  private final OptionalLong wanted;
  private final Keyframes keyframes = new Keyframes();
  private LiveGuest guest;
  private boolean standsStill;
  private boolean away;
  private boolean ended;
  private boolean capturing;
  private Method method;
  private Manifest last;
  private long captures;
  private long failures;
  private int failuresInARow;
  private String trouble;
  private long sentFrames;
  private Runnable wake = () -> {};

  /**
   * @param wanted captures after which it is done, if there is such a number
   */
  public Domain(LiveGuest guest, Duration every, OptionalLong wanted) {
    this.guest = guest;
    uuid = guest.uuid();
    schedule = new Schedule(every, System.nanoTime());
    this.wanted = wanted;
  }

  public UUID uuid() {
    return uuid;
  }

  public synchronized String name() {
    return guest.name();
  }

  /** Who is told when it is due earlier than was said. It must not block. */
  public synchronized void onSooner(Runnable told) {
    wake = told;
  }

  /** When its next capture begins, by System.nanoTime; empty: not before something happens. */
  public synchronized OptionalLong due() {
    return away || ended || capturing ? OptionalLong.empty() : OptionalLong.of(schedule.due());
  }

  /** Its capture begins. Empty if it must not any more. */
  public synchronized Optional<Turn> begin() {
    if (due().isEmpty()) {
      return Optional.empty();
    }
    capturing = true;
    schedule.begin(System.nanoTime());
    expire();
    List<Ask> asked = keyframes.take();
    CaptureOrder order =
        asked.isEmpty()
            ? CaptureOrder.USUAL
            : new CaptureOrder(true, Optional.of(asked.get(0).command()));
    return Optional.of(new Turn(guest, standsStill, order, asked));
  }

  /** It was captured. */
  public synchronized void captured(Turn turn, Method by, Manifest manifest) {
    capturing = false;
    captures++;
    failuresInARow = 0;
    trouble = null;
    method = by;
    last = manifest;
    sentFrames += manifest.getDataFrames();
    schedule.end(System.nanoTime());
    String text = "%s: capture %d is complete".formatted(name(), manifest.getCapture());
    turn.asked().forEach(ask -> ask.reply().accept(Reply.done(text)));
  }

  /** Its capture was given up. */
  public synchronized void failed(Turn turn, String why) {
    capturing = false;
    failures++;
    failuresInARow++;
    trouble = why;
    schedule.end(System.nanoTime());
    long penance = schedule.interval(System.nanoTime()).toNanos() << Math.min(failuresInARow, 8);
    schedule.notBefore(System.nanoTime() + Math.min(penance, LONGEST_PENANCE.toNanos()));
    turn.asked().forEach(ask -> ask.reply().accept(Reply.failed(name() + ": " + why)));
  }

  /** The guest as the hypervisor knows it now: another run of it, or another connection. */
  public synchronized void replace(LiveGuest other, boolean paused) {
    guest = other;
    standsStill = paused;
    if (away) {
      away = false;
      trouble = null;
      schedule.atOnce(System.nanoTime());
      wake.run();
    }
  }

  public synchronized boolean isOf(LiveGuest other) {
    return !away && guest.run().equals(other.run());
  }

  public synchronized void standsStill(boolean still) {
    standsStill = still;
  }

  /** Nothing can be captured until {@link #replace}: the hypervisor does not answer. */
  public synchronized void suspend(String why) {
    away = true;
    trouble = why;
  }

  /** It is not captured any more. */
  public synchronized void end(String why) {
    ended = true;
    wake.run();
    trouble = null;
    keyframes
        .take()
        .forEach(
            ask -> ask.reply().accept(Reply.failed(name() + ": not captured any more: " + why)));
  }

  public synchronized boolean isCapturing() {
    return capturing;
  }

  /** Whether it has the captures that were asked for. */
  public synchronized boolean isComplete() {
    return wanted.isPresent() && captures >= wanted.getAsLong();
  }

  public synchronized int failuresInARow() {
    return failuresInARow;
  }

  public synchronized void keyframe(Ask ask) {
    if (ended || !keyframes.add(ask)) {
      ask.reply()
          .accept(
              Reply.refused(
                  "%s: %d commands wait for its next capture already"
                      .formatted(name(), Keyframes.MOST)));
      return;
    }
    schedule.atOnce(System.nanoTime());
    wake.run();
  }

  public synchronized void interval(Duration every, Duration length) {
    long now = System.nanoTime();
    schedule.override(every, now + length.toNanos(), now);
    wake.run();
  }

  /** Answers the commands that expired while they waited. */
  public synchronized void expire() {
    keyframes
        .takeExpired(Clocks.micros())
        .forEach(
            ask ->
                ask.reply()
                    .accept(Reply.expired(name() + ": no capture could begin before it expired")));
  }

  private static String shown(String text) {
    return text == null || text.length() <= LONGEST_TROUBLE
        ? text
        : text.substring(0, LONGEST_TROUBLE - 3) + "...";
  }

  /** For heartbeats and metrics. */
  public synchronized DomainStatus status() {
    AgentDomain record =
        AgentDomain.newBuilder()
            .setDomain(uuid.toString())
            .setName(name())
            .setState(
                failuresInARow > 0
                    ? "failing"
                    : away ? "waiting" : capturing ? "capturing" : "waiting")
            .setMethod(method == null ? null : method.text())
            .setIntervalMillis(schedule.interval(System.nanoTime()).toMillis())
            .setLastCapture(last == null ? null : last.getCapture())
            .setLastCaptureAt(last == null ? null : last.getStartedAt())
            .setCaptures(captures)
            .setFailures(failures)
            .setTrouble(shown(trouble))
            .build();
    return new DomainStatus(record, schedule.skipped(), sentFrames, Optional.ofNullable(last));
  }
}
