package io.ramtide.cli.render.timeline;

import io.ramtide.cli.render.RegistryPath;
import io.ramtide.cli.render.RegistryText;
import io.ramtide.cli.render.SocketText;
import io.ramtide.cli.render.Text;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.RegistryEvent;
import java.nio.ByteBuffer;

/** What happened, in a line. What comes from the guest is not escaped yet. */
final class EventText {
  /** Characters of a value's data that are shown. */
  private static final int DATA_SHOWN = 200;

  private EventText() {}

  /** E.g. {@code value set HKLM\SOFTWARE\Run\x = "b" (was "a")}. */
  static String of(RegistryEvent event) {
    String path = RegistryPath.of(orUnknown(event.getHive()), event.getKey());
    return switch (event.getType()) {
      case hiveLoaded -> "hive loaded  " + hive(path, event.getFileName());
      case hiveUnloaded -> "hive unloaded  " + hive(path, event.getFileName());
      case keyCreated -> "key created  " + path;
      case keyDeleted -> "key deleted  " + path;
      case valueSet -> "value set  " + valuePath(path, event) + " = " + data(event) + was(event);
      case valueDeleted -> "value deleted  " + valuePath(path, event) + was(event);
      case unknown -> "changed  " + path;
    };
  }

  private static String hive(String path, String file) {
    return file == null ? path : path + "  (" + file + ")";
  }

  private static String valuePath(String path, RegistryEvent event) {
    return path
        + "\\"
        + RegistryText.name(event.getValueName() == null ? "" : event.getValueName());
  }

  private static String data(RegistryEvent event) {
    return data(event.getValueType(), event.getData(), event.getLength());
  }

  /** What it was before; nothing for a value that is new. */
  private static String was(RegistryEvent event) {
    return event.getOldValueType() == null
        ? ""
        : "  (was %s)"
            .formatted(data(event.getOldValueType(), event.getOldData(), event.getOldLength()));
  }

  private static String data(String type, ByteBuffer data, Long length) {
    return data == null
        ? "(not readable)"
        : Text.cut(RegistryText.data(type, data, length), DATA_SHOWN);
  }

  /** E.g. {@code connection opened x.exe (1234) TCPv4 192.0.2.1:49152 -> 203.0.113.7:443}. */
  static String of(NetworkEvent event) {
    String change =
        switch (event.getType()) {
          case listeningOpened -> "listening opened";
          case listeningClosed -> "listening closed";
          case connectionOpened -> "connection opened";
          case connectionStateChanged -> "connection changed";
          case connectionClosed -> "connection closed";
          case unknown -> "changed";
        };
    String local = SocketText.of(event.getLocalAddress(), null, event.getLocalPort());
    String remote = SocketText.of(event.getRemoteAddress(), null, event.getRemotePort());
    return "%s  %s  %s %s%s%s%s"
        .formatted(
            change,
            owner(event),
            SocketText.protocol(event.getProtocol(), event.getIpVersion()),
            local,
            remote == null ? "" : " -> " + remote,
            state(event),
            ownerNote(event));
  }

  private static String owner(NetworkEvent event) {
    if (event.getPid() == null && event.getProcessName() == null) {
      return "(no process)";
    }
    String name = event.getProcessName() == null ? "(name unreadable)" : event.getProcessName();
    return event.getPid() == null ? name : "%s (%d)".formatted(name, event.getPid());
  }

  private static String state(NetworkEvent event) {
    if (event.getState() == null || event.getState().equals("LISTENING")) {
      return "";
    }
    return event.getOldState() == null
        ? "  " + event.getState()
        : "  %s (was %s)".formatted(event.getState(), event.getOldState());
  }

  private static String ownerNote(NetworkEvent event) {
    return switch (event.getOwner()) {
      case hidden -> "  [owner hidden]";
      case exited -> "  [owner exited]";
      case gone -> "  [owner gone]";
      case running, unknown -> "";
    };
  }

  private static String orUnknown(String text) {
    return text == null ? "?" : text;
  }
}
