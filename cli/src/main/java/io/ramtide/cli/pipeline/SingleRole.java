package io.ramtide.cli.pipeline;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.data.Instance;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.Failure;
import io.ramtide.cli.term.Terminal;
import io.ramtide.correlator.Correlator;
import io.ramtide.correlator.CorrelatorOptions;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.worker.ScannerOptions;
import io.ramtide.scanner.worker.ScannerWorker;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** A scanner or a correlator on a thread of its own. */
public final class SingleRole implements AutoCloseable {
  private static final long STOP_MILLIS = 30_000;

  private final String name;
  private final BrokerLink broker;
  private final Body body;
  private final Runnable stop;
  private final Thread thread;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicReference<Failure> failure = new AtomicReference<>();
  private volatile boolean closing;

  /** Runs to the role's end and returns why it failed, or null. */
  @FunctionalInterface
  private interface Body {
    Throwable run() throws InterruptedException;
  }

  private SingleRole(String name, BrokerLink broker, Body body, Runnable stop) {
    this.name = name;
    this.broker = broker;
    this.body = body;
    this.stop = stop;
    this.thread = new Thread(this::work, name);
    thread.setDaemon(true);
  }

  /**
   * A scanner.
   *
   * @param request what is asked of every capture
   */
  public static SingleRole scanner(
      BrokerLink broker, Instance instance, Request request, SymbolStore symbols) {
    ScannerWorker worker =
        new ScannerWorker(
            broker.clientConfig(),
            new ScannerOptions(instance.name(), instance.folder(), request, symbols));
    return new SingleRole(
        "scanner",
        broker,
        () -> {
          worker.run();
          return null;
        },
        worker::close);
  }

  public static SingleRole correlator(BrokerLink broker, Instance instance) {
    Correlator correlator =
        new Correlator(
            broker.clientConfig(), new CorrelatorOptions(instance.name(), instance.folder()));
    return new SingleRole(
        "correlator",
        broker,
        () -> {
          correlator.start();
          return correlator.awaitStop();
        },
        correlator::close);
  }

  SingleRole start() {
    thread.start();
    return this;
  }

  private void work() {
    Throwable thrown = null;
    try {
      thrown = body.run();
    } catch (InterruptedException | RuntimeException | Error e) {
      thrown = e;
    }
    if (!closing) {
      failure.set(RoleFailure.of(name, thrown, broker));
    }
    ended.countDown();
  }

  /** Starts, and returns when a signal has ended the role; throws why it ended by itself. */
  public void run(Terminal terminal, Cleanup cleanup) throws InterruptedException {
    start();
    cleanup.add(this);
    terminal.say(
        "ramtide: the %s runs on %s; SIGINT (Ctrl-C) or SIGTERM ends it"
            .formatted(name, broker.bootstrapServers()));
    ended.await();
    check();
  }

  /** Throws the failure of a role that has ended although it should not. */
  void check() {
    Failure why = failure.get();
    if (why != null) {
      throw why;
    }
  }

  /** Ends the role after the capture in hand. */
  @Override
  public void close() {
    closing = true;
    stop.run();
    try {
      thread.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
