package io.ramtide.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Sets logback up; it is found as a service. Code instead of a file, because reading XML takes
 * longer than many a command. The system property {@code ramtide.verbose} is the number of times
 * that --verbose was given.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {
  public static final String VERBOSE = "ramtide.verbose";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    int verbose = Integer.getInteger(VERBOSE, 0);
    LineAppender appender = new LineAppender(verbose);
    appender.setContext(context);
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(verbose >= 2 ? Level.INFO : Level.WARN);
    root.addAppender(appender);
    context
        .getLogger("io.ramtide")
        .setLevel(verbose >= 2 ? Level.DEBUG : verbose == 1 ? Level.INFO : Level.WARN);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
