package io.ramtide.cli.pipeline;

import io.ramtide.cli.broker.BrokerFaults;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.scanner.worker.ScannerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.errors.ProcessorStateException;

/** Turns the end of a role into a failure of the command. */
public final class RoleFailure {
  private static final int MAX_CAUSES = 20;

  private RoleFailure() {}

  /**
   * @param thrown what ended the role, or null if it just ended
   */
  public static Failure of(String role, Throwable thrown, BrokerLink broker) {
    if (thrown instanceof Failure failure) {
      return failure;
    }
    if (thrown instanceof ScannerException scanner) {
      ExitCode code =
          switch (scanner.origin()) {
            case BROKER -> ExitCode.BROKER;
            case LOCAL -> ExitCode.LOCAL;
          };
      return new Failure(
          code, "the %s stopped: %s".formatted(role, Failure.reason(thrown)), thrown);
    }
    if (isStoreTrouble(thrown)) {
      return local(role, thrown);
    }
    if (thrown instanceof KafkaException) {
      return BrokerFaults.of(thrown, broker.bootstrapServers());
    }
    if (thrown instanceof UncheckedIOException || thrown instanceof IOException) {
      return local(role, thrown);
    }
    return new Failure(
        ExitCode.INTERNAL,
        "the %s stopped unexpectedly%s: start again, with --verbose to see why"
            .formatted(role, thrown == null ? "" : ": " + Failure.reason(thrown)),
        thrown);
  }

  private static Failure local(String role, Throwable thrown) {
    return new Failure(
        ExitCode.LOCAL,
        "the %s stopped: %s: check the space and rights of the folder that --data names"
            .formatted(role, Failure.reason(thrown)),
        thrown);
  }

  /** A store of Kafka Streams lies on this machine's disk, though its error is one of Kafka's. */
  private static boolean isStoreTrouble(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++, cause = cause.getCause()) {
      if (cause instanceof ProcessorStateException) {
        return true;
      }
    }
    return false;
  }
}
