package io.ramtide.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Optional;

/**
 * Sets logback up; it is found as a service. Code instead of a file, because reading XML takes
 * longer than many a command. The system property {@code ramtide.verbose} is the number of times
 * that --verbose was given.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {
  public static final String VERBOSE = "ramtide.verbose";

  /** System property: whether only failures are wanted. */
  public static final String QUIET = "ramtide.quiet";

  /** System property: a {@link LogFormat}. */
  public static final String FORMAT = "ramtide.log-format";

  /** Tells of each guest that comes and goes: what an operator wants to read without asking. */
  private static final String AGENT = "io.ramtide.acquirer.agent";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    int verbose = Integer.getInteger(VERBOSE, 0);
    boolean json = LogFormat.json.name().equals(System.getProperty(FORMAT));
    LineAppender appender =
        new LineAppender(verbose, json ? Optional.of(encoder(context)) : Optional.empty());
    appender.setContext(context);
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(verbose >= 2 ? Level.INFO : Level.WARN);
    root.addAppender(appender);
    context
        .getLogger("io.ramtide")
        .setLevel(verbose >= 2 ? Level.DEBUG : verbose == 1 ? Level.INFO : Level.WARN);
    Level told = Boolean.getBoolean(QUIET) ? Level.WARN : Level.INFO;
    context.getLogger("io.ramtide.cli.Messages").setLevel(Level.INFO);
    context.getLogger(AGENT).setLevel(verbose >= 1 ? Level.DEBUG : told);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** logback's own object, without what nobody needs. */
  private static JsonEncoder encoder(LoggerContext context) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithContext(false);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithFormattedMessage(true);
    encoder.start();
    return encoder;
  }
}
