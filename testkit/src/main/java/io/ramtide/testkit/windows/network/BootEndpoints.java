package io.ramtide.testkit.windows.network;

import io.ramtide.testkit.windows.process.SimProcess;
import java.util.List;

/** What the programs of an ordinary workstation have open. */
final class BootEndpoints {

  static final String IPV4 = "10.20.30.40";
  static final String IPV6 = "2001:db8:30ff::2657";
  static final String LINK = "fe80::daac:25b4:e3ed:50bb";
  private static final long SECOND = 10_000_000L;

  private final GuestNetwork network;
  private final List<SimProcess> running;
  private final long now;
  private int opened;

  BootEndpoints(GuestNetwork network, List<SimProcess> running, long now) {
    this.network = network;
    this.running = running;
    this.now = now;
  }

  void open(boolean rootkit) {
    listeners();
    udp();
    connections();
    if (rootkit) {
      network.hide(connect("explorer.exe", IPV4, 49_712, "203.0.113.66", 8443, "ESTABLISHED"));
    }
  }

  private void listeners() {
    both("TCP", process("svchost.exe", 1), 135);
    listen("TCP", process("System", 0), IPV4, 139);
    listen("TCP", process("System", 0), "::", 445);
    listen("TCP", process("System", 0), "::", 5357);
    both("TCP", process("lsass.exe", 0), 49_664);
    both("TCP", process("wininit.exe", 0), 49_665);
    listen("TCP", process("svchost.exe", 2), "::", 49_666);
    listen("TCP", process("spoolsv.exe", 0), "::", 49_667);
    listen("TCP", process("services.exe", 0), "0.0.0.0", 49_669);
    listen("TCP", process("jusched.exe", 0), "127.0.0.1", 51_233);
    listen("TCP", process("SearchIndexer.exe", 0), "::1", 51_234);
  }

  private void udp() {
    both("UDP", process("svchost.exe", 1), 123);
    listen("UDP", process("System", 0), IPV4, 137);
    listen("UDP", process("System", 0), IPV4, 138);
    both("UDP", process("svchost.exe", 2), 500);
    for (String address : List.of("127.0.0.1", IPV4, "::1", LINK)) {
      listen("UDP", process("svchost.exe", 3), address, 1900);
    }
    both("UDP", process("svchost.exe", 2), 5355);
    listen("UDP", process("explorer.exe", 0), "127.0.0.1", 61_544);
  }

  private void connections() {
    connect("explorer.exe", IPV4, 49_701, "203.0.113.10", 443, "ESTABLISHED");
    connect("explorer.exe", IPV4, 49_717, "203.0.113.44", 443, "ESTABLISHED"); // in its bucket
    connect("jusched.exe", IPV4, 49_702, "198.51.100.20", 80, "CLOSE_WAIT");
    connect("svchost.exe", IPV4, 49_703, "192.0.2.77", 443, "FIN_WAIT2");
    connect("svchost.exe", IPV6, 49_704, "2001:db8:feed::5e1b", 443, "ESTABLISHED");
    connect("System", IPV4, 49_705, "10.20.30.2", 445, "ESTABLISHED");
    connect("System", IPV4, 445, "10.20.30.9", 50_112, "SYN_RCVD");
    connect("jusched.exe", IPV4, 49_706, "198.51.100.21", 443, "SYN_SENT");
    connect("lsass.exe", LINK, 49_707, "fe80::1:2:7455:9", 88, "LAST_ACK");
    connect("svchost.exe", "127.0.0.1", 49_713, "127.0.0.1", 51_233, "FIN_WAIT1");
    connect("SearchIndexer.exe", "::1", 49_714, "::1", 49_664, "CLOSING");
    connect("explorer.exe", IPV4, 49_708, "203.0.113.80", 80, "CLOSED");
    network.free(connect("jusched.exe", IPV4, 49_709, "192.0.2.79", 8080, "ESTABLISHED"));
    connect("jusched.exe", IPV4, 49_710, "198.51.100.22", 443, "TIME_WAIT");
    connect("explorer.exe", IPV6, 49_711, "2001:db8:feed::99", 80, "TIME_WAIT");
  }

  private void both(String protocol, SimProcess owner, int port) {
    listen(protocol, owner, "0.0.0.0", port);
    listen(protocol, owner, "::", port);
  }

  private void listen(String protocol, SimProcess owner, String address, int port) {
    long time = Math.min(now, owner.createTime() + SECOND / 3 + 41_357L * ++opened);
    network.listen(owner.pid(), protocol, address, port, time);
  }

  private int connect(
      String owner, String local, int localPort, String remote, int remotePort, String state) {
    long time = now - SECOND * 90 + SECOND * 3 * (localPort & 15) + 73_511L * ++opened;
    return network.connect(
        process(owner, 0).pid(), local, localPort, remote, remotePort, state, time);
  }

  private SimProcess process(String name, int number) {
    return running.stream()
        .filter(
            process ->
                process.imageName().equals(name.length() < 15 ? name : name.substring(0, 14)))
        .skip(number)
        .findFirst()
        .orElseThrow();
  }
}
