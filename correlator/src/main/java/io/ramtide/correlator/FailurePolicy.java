package io.ramtide.correlator;

import io.ramtide.schemas.Topics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What to do when a stream thread dies: one that a passing fault ended is replaced, unless that
 * happens again and again; anything else stops the application, with a cause a person can act on.
 */
final class FailurePolicy implements StreamsUncaughtExceptionHandler {
  static final int MAX_REPLACEMENTS = 5;
  private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int MAX_CAUSES = 32;
  private static final Logger LOG = LoggerFactory.getLogger(FailurePolicy.class);

  private final CorrelatorOptions options;
  private final LongSupplier nanoTime;
  private final Deque<Long> replacements = new ArrayDeque<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  FailurePolicy(CorrelatorOptions options, LongSupplier nanoTime) {
    this.options = options;
    this.nanoTime = nanoTime;
  }

  /** Why the application had to stop, or null. */
  Throwable failure() {
    return failure.get();
  }

  /** The first failure is the one to tell. */
  void fail(Throwable cause) {
    failure.compareAndSet(null, cause);
  }

  @Override
  public synchronized StreamThreadExceptionResponse handle(Throwable thrown) {
    if (find(thrown, RetriableException.class) != null && mayReplace()) {
      LOG.warn("a stream thread ended and is replaced: {}", thrown.toString());
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    fail(explain(thrown));
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private boolean mayReplace() {
    long now = nanoTime.getAsLong();
    while (!replacements.isEmpty() && now - replacements.peekFirst() > WINDOW_NANOS) {
      replacements.removeFirst();
    }
    replacements.addLast(now);
    return replacements.size() <= MAX_REPLACEMENTS;
  }

  private Throwable explain(Throwable thrown) {
    if (find(thrown, MissingSourceTopicException.class) != null) {
      return new IllegalStateException(TopicCheck.message(List.of(Topics.FINDINGS)), thrown);
    }
    if (find(thrown, FencedInstanceIdException.class) != null) {
      return new IllegalStateException(
          "another correlator runs as instance '%s': give each its own name"
              .formatted(options.instance()),
          thrown);
    }
    return thrown;
  }

  private static Throwable find(Throwable thrown, Class<? extends Throwable> type) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return cause;
      }
    }
    return null;
  }
}
