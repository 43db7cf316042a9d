package io.ramtide.correlator.ecs;

import io.ramtide.schemas.RegistryEvent;
import java.nio.ByteBuffer;
import java.util.List;

/** Registry events as one sentence for a person. */
final class RegistryMessages {
  /** A path that is longer would leave no room for what happened to it. */
  private static final int PATH = 640;

  private static final int DATA = 256;

  private RegistryMessages() {}

  static String of(RegistryEvent event, RegistryPath path) {
    String where = Text.bounded(path.full(), PATH);
    return switch (event.getType()) {
      case hiveLoaded -> "Hive " + where + " was loaded" + file(event);
      case hiveUnloaded -> "Hive " + where + " was unloaded" + file(event);
      case keyCreated -> "Key " + where + " was created";
      case keyDeleted -> "Key " + where + " was deleted";
      case valueSet -> "Value " + where + " was set" + data(event);
      case valueDeleted -> "Value " + where + " was deleted";
      case unknown -> "Key " + where + " was changed";
    };
  }

  private static String file(RegistryEvent event) {
    return event.getFileName() == null
        ? ""
        : " (file " + Text.bounded(event.getFileName(), DATA) + ")";
  }

  private static String data(RegistryEvent event) {
    ByteBuffer data = event.getData();
    if (data == null) {
      return "";
    }
    byte[] bytes = new byte[data.remaining()];
    data.duplicate().get(bytes);
    List<String> strings = RegistryData.strings(event.getValueType(), bytes);
    return strings.isEmpty() ? "" : " to " + Text.bounded(String.join(", ", strings), DATA);
  }
}
