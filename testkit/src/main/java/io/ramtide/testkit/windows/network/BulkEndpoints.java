package io.ramtide.testkit.windows.network;

import java.util.ArrayList;
import java.util.List;

/** Many endpoints, for benchmarks: of ten two listen, two are of UDP, six are connections. */
final class BulkEndpoints {

  private static final int FIRST_PORT = 20_000;
  private static final List<Integer> SERVICES = List.of(80, 443, 445, 993, 3389, 8080, 8443, 9200);
  private static final List<String> STATES =
      List.of("ESTABLISHED", "ESTABLISHED", "ESTABLISHED", "CLOSE_WAIT", "FIN_WAIT2", "TIME_WAIT");

  private final GuestNetwork network;

  BulkEndpoints(GuestNetwork network) {
    this.network = network;
  }

  List<Integer> open(int count, List<Integer> pids) {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(open(i, pids.get(i % pids.size())));
    }
    return ids;
  }

  private int open(int i, int pid) {
    int port = FIRST_PORT + i % 20_000;
    if (i % 10 < 4) {
      String address = i % 3 == 0 ? "::" : i % 3 == 1 ? "0.0.0.0" : BootEndpoints.IPV4;
      return network.listen(pid, i % 10 < 2 ? "TCP" : "UDP", address, port);
    }
    boolean wide = i % 4 == 0;
    return network.connect(
        pid,
        wide ? BootEndpoints.IPV6 : BootEndpoints.IPV4,
        port,
        wide
            ? "2001:db8:%x::%x".formatted(1 + i / 200, 1 + i % 200)
            : "198.18.%d.%d".formatted(i / 200 % 256, 1 + i % 200),
        SERVICES.get(i / 10 % SERVICES.size()),
        STATES.get(i % 10 - 4));
  }
}
