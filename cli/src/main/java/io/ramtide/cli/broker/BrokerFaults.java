package io.ramtide.cli.broker;

import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/** Turns what goes wrong with a broker into one line for a person. */
public final class BrokerFaults {
  private static final int MAX_CAUSES = 16;

  private BrokerFaults() {}

  /** The failure that a Kafka client's exception amounts to. */
  public static Failure of(Throwable thrown, String bootstrapServers) {
    Throwable cause = unwrap(thrown);
    if (cause instanceof Failure failure) {
      return failure;
    }
    Optional<ConfigException> config = find(cause, ConfigException.class);
    if (config.isPresent()) {
      return new Failure(
          ExitCode.USAGE,
          "the Kafka client refuses its configuration: %s: correct --bootstrap-servers or --config"
              .formatted(Failure.reason(config.get())),
          thrown);
    }
    if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
      return new Failure(
          ExitCode.BROKER,
          "the broker at %s refuses this client: %s: check the credentials and rights in --config"
              .formatted(bootstrapServers, Failure.reason(cause)),
          thrown);
    }
    if (cause instanceof TimeoutException || cause instanceof InterruptException) {
      return new Failure(ExitCode.BROKER, noAnswer(bootstrapServers), thrown);
    }
    return new Failure(
        ExitCode.BROKER,
        "the broker at %s failed: %s".formatted(bootstrapServers, Failure.reason(cause)),
        thrown);
  }

  static String noAnswer(String bootstrapServers) {
    return ("no Kafka broker answers at %s: start it, correct --bootstrap-servers, or check the TLS "
            + "settings in --config; without --bootstrap-servers an embedded broker is used")
        .formatted(bootstrapServers);
  }

  static Failure startFailed(Path log, Throwable thrown) {
    if (thrown instanceof Failure failure) {
      return failure;
    }
    return new Failure(
        ExitCode.LOCAL, "the embedded broker did not start: " + why(log, thrown), thrown);
  }

  private static String why(Path log, Throwable thrown) {
    Throwable root = root(thrown);
    String reason = Failure.reason(root);
    if (reason.contains("No space left on device")) {
      return "the disk of %s is full: free some space or name another folder with --data"
          .formatted(log);
    }
    if (root instanceof AccessDeniedException || reason.contains("Permission denied")) {
      return "%s is not writable: change its owner or name another folder with --data"
          .formatted(log);
    }
    return ("%s: %s. If its files are damaged, move the folder away (its data is lost to ramtide) "
            + "or name another one with --data")
        .formatted(log, reason);
  }

  /** What to print when the running broker ends the JVM. */
  static String stopped(Path log, String reason) {
    return ("the embedded broker stopped: %s. Check that the disk of %s has space left and works; "
            + "what was acknowledged is kept, so start again")
        .formatted(reason, log);
  }

  static boolean isCausedBy(Throwable thrown, Class<? extends Throwable> type) {
    return find(thrown, type).isPresent();
  }

  private static <T extends Throwable> Optional<T> find(Throwable thrown, Class<T> type) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++, cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
    }
    return Optional.empty();
  }

  private static Throwable unwrap(Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof ExecutionException || cause instanceof CompletionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static Throwable root(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause.getCause() != null && depth < MAX_CAUSES; depth++) {
      cause = cause.getCause();
    }
    return cause;
  }
}
