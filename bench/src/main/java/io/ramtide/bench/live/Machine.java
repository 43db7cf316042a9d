package io.ramtide.bench.live;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.data.DataFolder;
import io.ramtide.testkit.SimulatedGuest;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/** What holds a simulated Windows guest in its RAM and can be captured. */
interface Machine extends Closeable {
  /** For the tables' heading. */
  String what();

  SimulatedGuest guest();

  /**
   * Brings what the guest has done into the machine's RAM.
   *
   * @return when all of it was there, as System.nanoTime
   */
  long flush() throws IOException;

  /** Pages that change and mean nothing: other programs at work. */
  void work(int pages) throws IOException;

  /** Captures it from now on, until that is closed. */
  Captures capture(BrokerLink broker, DataFolder data, Duration interval) throws Exception;
}
