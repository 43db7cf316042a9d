package io.ramtide.correlator.ecs;

import io.ramtide.schemas.FileTime;
import io.ramtide.schemas.NetworkEvent;

/** Network events as one sentence for a person. */
final class NetworkMessages {
  private NetworkMessages() {}

  static String of(NetworkEvent event) {
    return "A %s %s%s %s%s"
        .formatted(
            Text.bounded(event.getProtocol(), Text.NAME),
            endpoint(event),
            process(event),
            verb(event),
            owner(event));
  }

  private static String endpoint(NetworkEvent event) {
    String local = side(event.getLocalAddress(), event.getLocalPort());
    if (isListening(event)) {
      String kind = event.getProtocol().equals("TCP") ? "listener" : "endpoint";
      return kind + " on " + local;
    }
    String remote = side(event.getRemoteAddress(), event.getRemotePort());
    return switch (event.getDirection()) {
      case egress -> "connection from " + local + " to " + remote;
      case ingress -> "connection from " + remote + " to " + local;
      case unknown -> "connection between " + local + " and " + remote;
    };
  }

  static boolean isListening(NetworkEvent event) {
    return switch (event.getType()) {
      case listeningOpened, listeningClosed -> true;
      case connectionOpened, connectionStateChanged, connectionClosed, unknown -> false;
    };
  }

  private static String side(String address, Integer port) {
    String host = address == null ? "an unknown address" : Text.bounded(address, Text.NAME);
    String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == null ? shown : shown + ":" + port;
  }

  private static String process(NetworkEvent event) {
    if (event.getPid() == null) {
      return "";
    }
    String name =
        event.getProcessName() == null ? "a process without a name" : event.getProcessName();
    return " of %s (PID %d)".formatted(Text.bounded(name, Text.NAME), event.getPid());
  }

  private static String verb(NetworkEvent event) {
    String state = event.getState() == null ? "an unknown state" : event.getState();
    String now = Text.bounded(state, Text.NAME);
    String when = event.getTime() == null ? interval(event) : "";
    return switch (event.getType()) {
      case listeningOpened -> "opened" + when;
      case listeningClosed -> "closed" + when;
      case connectionOpened -> "opened" + when + ", now in " + now;
      case connectionClosed -> "closed" + when + ", last seen in " + now;
      case connectionStateChanged ->
          "went from " + Text.bounded(event.getOldState(), Text.NAME) + " to " + now + when;
      case unknown -> "changed" + when;
    };
  }

  private static String interval(NetworkEvent event) {
    String end = FileTime.format(event.getNotAfter());
    return event.getNotBefore() == null
        ? " by " + end
        : " between " + FileTime.format(event.getNotBefore()) + " and " + end;
  }

  private static String owner(NetworkEvent event) {
    return switch (event.getOwner()) {
      case hidden -> "; the process is hidden: it runs but is not in the active process list";
      case exited -> "; the process has exited";
      case gone -> "; the process is gone";
      case running -> "";
      case unknown -> event.getPid() == null ? "; its process is not known" : "";
    };
  }
}
