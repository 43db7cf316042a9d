package io.ramtide.cli.broker;

import java.nio.file.Path;

/** A broker in a process of its own, on ports that stay the same when it comes back. */
public final class BrokerMain {
  private BrokerMain() {}

  /**
   * @param args folder, port for clients, port of the controller
   */
  public static void main(String[] args) throws Exception {
    Path log = Path.of(args[0]);
    KraftServer.formatIfNew(log);
    KraftServer server =
        KraftServer.start(
            BrokerSettings.of(log, Integer.parseInt(args[1]), Integer.parseInt(args[2])));
    System.out.println("ready");
    int end = System.in.read(); // Ends with the process that started it, at the latest.
    server.stop();
    System.exit(end < 0 ? 0 : 1);
  }
}
