package io.ramtide.cli.pipeline;

import io.ramtide.cli.broker.BrokerFaults;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.data.DataFolder;
import io.ramtide.cli.data.Instance;
import io.ramtide.cli.term.Failure;
import io.ramtide.correlator.Correlator;
import io.ramtide.correlator.CorrelatorOptions;
import io.ramtide.scanner.worker.ScannerOptions;
import io.ramtide.scanner.worker.ScannerWorker;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A scanner and a correlator in this JVM, each on its own thread. */
public final class LocalRoles implements AutoCloseable {
  private static final long STOP_MILLIS = 30_000;

  private final BrokerLink broker;
  private final Instance scannerInstance;
  private final Instance correlatorInstance;
  private final ScannerWorker scanner;
  private final Correlator correlator;
  private final Thread scannerThread;
  private final Thread correlatorThread;
  private final AtomicReference<Failure> failure = new AtomicReference<>();
  private volatile boolean closing;

  private LocalRoles(BrokerLink broker, Instance scannerInstance, Instance correlatorInstance) {
    this.broker = broker;
    this.scannerInstance = scannerInstance;
    this.correlatorInstance = correlatorInstance;
    this.scanner =
        new ScannerWorker(
            broker.clientConfig(),
            new ScannerOptions(scannerInstance.name(), scannerInstance.folder()));
    this.correlator =
        new Correlator(
            broker.clientConfig(),
            new CorrelatorOptions(correlatorInstance.name(), correlatorInstance.folder()));
    this.scannerThread = new Thread(this::scan, "scanner");
    this.correlatorThread = new Thread(this::correlate, "correlator");
  }

  /** Starts both and returns at once. */
  public static LocalRoles start(BrokerLink broker, DataFolder data) {
    Instance scanner = Instance.claim(data, Optional.empty(), data::scanner);
    Instance correlator = Instance.claim(data, Optional.empty(), data::correlator);
    LocalRoles roles = new LocalRoles(broker, scanner, correlator);
    roles.scannerThread.setDaemon(true);
    roles.correlatorThread.setDaemon(true);
    roles.scannerThread.start();
    roles.correlatorThread.start();
    return roles;
  }

  private void scan() {
    try {
      scanner.run();
      ended("scanner", null);
    } catch (RuntimeException | Error e) {
      ended("scanner", e);
    }
  }

  private void correlate() {
    try {
      correlator.start();
      ended("correlator", correlator.awaitStop());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      ended("correlator", e);
    }
  }

  private void ended(String role, Throwable thrown) {
    if (!closing) {
      failure.compareAndSet(null, RoleFailure.of(role, thrown, broker));
    }
  }

  /** Throws the failure of the role that has ended although it should not. */
  public void check() {
    Failure ended = failure.get();
    if (ended != null) {
      throw BrokerFaults.of(ended, broker.bootstrapServers());
    }
  }

  /** Ends both, after the capture in hand. */
  @Override
  public void close() {
    closing = true;
    scanner.close();
    correlator.close();
    try {
      scannerThread.join(STOP_MILLIS);
      correlatorThread.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    scannerInstance.close();
    correlatorInstance.close();
  }
}
