package io.ramtide.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.ramtide.cli.term.Printable;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Prints one line a message on standard error. Kafka's own messages are shown only when asked for:
 * what matters of them, the commands say themselves; its last error is kept for that.
 */
public final class LineAppender extends AppenderBase<ILoggingEvent> {
  private static final AtomicReference<String> LAST_KAFKA_ERROR = new AtomicReference<>();

  private final int verbose;
  private final Optional<JsonEncoder> json;

  /**
   * @param json encodes messages; none: they are lines of text
   */
  LineAppender(int verbose, Optional<JsonEncoder> json) {
    this.verbose = verbose;
    this.json = json;
  }

  /** What Kafka last logged as an error in this JVM. */
  public static Optional<String> lastKafkaError() {
    return Optional.ofNullable(LAST_KAFKA_ERROR.get());
  }

  @Override
  protected void append(ILoggingEvent event) {
    boolean ours = event.getLoggerName().startsWith("io.ramtide");
    if (!ours && event.getLevel().isGreaterOrEqual(Level.ERROR)) {
      LAST_KAFKA_ERROR.set(message(event));
    }
    if (ours || verbose > 0) {
      System.err.println(json.map(encoder -> object(encoder, event)).orElseGet(() -> line(event)));
    }
  }

  /** ASCII, so that no message can do anything to a terminal. */
  private static String object(JsonEncoder encoder, ILoggingEvent event) {
    String object = new String(encoder.encode(event), StandardCharsets.UTF_8).strip();
    StringBuilder ascii = new StringBuilder(object.length());
    object
        .chars()
        .forEach(
            unit -> {
              if (unit < 0x7f) {
                ascii.append((char) unit);
              } else {
                ascii.append("\\u%04x".formatted(unit));
              }
            });
    return ascii.toString();
  }

  private String line(ILoggingEvent event) {
    if (event.getLevel() == Level.INFO && verbose == 0) {
      return "ramtide: " + message(event);
    }
    String logger = event.getLoggerName();
    String line =
        "ramtide: %s %s: %s"
            .formatted(
                event.getLevel().toString().toLowerCase(java.util.Locale.ROOT),
                logger.substring(logger.lastIndexOf('.') + 1),
                message(event));
    IThrowableProxy thrown = event.getThrowableProxy();
    return verbose > 0 && thrown != null
        ? line + System.lineSeparator() + ThrowableProxyUtil.asString(thrown)
        : line;
  }

  private static String message(ILoggingEvent event) {
    StringBuilder message = new StringBuilder(event.getFormattedMessage());
    IThrowableProxy cause = event.getThrowableProxy();
    for (int depth = 0; cause != null && depth < 8; depth++, cause = cause.getCause()) {
      message.append(": ").append(cause.getMessage());
    }
    return Printable.of(message.toString());
  }
}
