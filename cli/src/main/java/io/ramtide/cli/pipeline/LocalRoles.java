package io.ramtide.cli.pipeline;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.data.DataFolder;
import io.ramtide.cli.data.Instance;
import io.ramtide.cli.symbols.Symbols;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.Request;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A scanner and a correlator in this JVM. */
public record LocalRoles(
    SingleRole scanner,
    SingleRole correlator,
    Instance scannerInstance,
    Instance correlatorInstance)
    implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalRoles.class);

  /**
   * Starts both and returns at once.
   *
   * @param request what the scanner is asked of every capture
   */
  public static LocalRoles start(BrokerLink broker, DataFolder data, Request request) {
    SymbolStore symbols = Symbols.open(data, LOG::warn);
    Instance scanner = Instance.claim(data, Optional.empty(), data::scanner);
    Instance correlator = Instance.claim(data, Optional.empty(), data::correlator);
    return new LocalRoles(
        SingleRole.scanner(broker, scanner, request, symbols).start(),
        SingleRole.correlator(broker, correlator).start(),
        scanner,
        correlator);
  }

  /** Throws the failure of a role that has ended although it should not. */
  public void check() {
    scanner.check();
    correlator.check();
  }

  /** Ends both, after the capture in hand. */
  @Override
  public void close() {
    scanner.close();
    correlator.close();
    scannerInstance.close();
    correlatorInstance.close();
  }
}
