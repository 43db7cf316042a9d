package io.ramtide.correlator.ecs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ramtide.correlator.capture.Capture;
import io.ramtide.schemas.RegistryEvent;
import io.ramtide.schemas.RegistryEventType;
import java.nio.ByteBuffer;

/** Documents of registry events. */
final class RegistryDocuments {
  private RegistryDocuments() {}

  static byte[] of(Capture capture, RegistryEvent event) {
    RegistryPath path = RegistryPath.of(event);
    long time = event.getTime() != null ? event.getTime() : event.getNotAfter();
    EcsDocument doc =
        new EcsDocument(capture, time, RegistryMessages.of(event, path))
            .event("event", "registry", type(event), action(event), "ramtide.registry")
            .id(DocumentIds.of(event))
            .evidence(event.getEvidence());
    if (event.getTime() == null) {
      doc.between(event.getNotBefore(), event.getNotAfter());
    }
    ObjectNode registry = doc.object("registry");
    EcsDocument.text(registry, "hive", path.hive(), Text.NAME);
    EcsDocument.text(registry, "key", path.key(), Text.PATH);
    EcsDocument.text(registry, "path", path.full(), Text.PATH);
    EcsDocument.text(registry, "value", event.getValueName(), Text.PATH);
    if (event.getType() == RegistryEventType.valueSet) {
      RegistryData.put(registry.putObject("data"), event.getValueType(), event.getData());
    }
    own(doc.object("ramtide").putObject("registry"), event);
    return doc.bytes();
  }

  private static void own(ObjectNode own, RegistryEvent event) {
    EcsDocument.text(own, "hive_file", event.getFileName(), Text.PATH);
    EcsDocument.time(own, "last_write_time", event.getLastWriteTime());
    own.put("watched", event.getWatched());
    if (isCut(event.getData(), event.getLength())) {
      own.put("data_length", event.getLength());
    }
    if (event.getOldValueType() != null) {
      ObjectNode old = own.putObject("old_data");
      RegistryData.put(old, event.getOldValueType(), event.getOldData());
      if (isCut(event.getOldData(), event.getOldLength())) {
        old.put("length", event.getOldLength());
      }
    }
  }

  /** Whether the data is not all there; then its length is told. */
  private static boolean isCut(ByteBuffer data, Long length) {
    return length != null && (data == null || data.remaining() < length);
  }

  private static String type(RegistryEvent event) {
    return switch (event.getType()) {
      case keyCreated -> "creation";
      case keyDeleted, valueDeleted -> "deletion";
      case valueSet -> event.getOldValueType() == null ? "creation" : "change";
      case hiveLoaded, hiveUnloaded, unknown -> "change";
    };
  }

  private static String action(RegistryEvent event) {
    return switch (event.getType()) {
      case hiveLoaded -> "registry-hive-loaded";
      case hiveUnloaded -> "registry-hive-unloaded";
      case keyCreated -> "registry-key-created";
      case keyDeleted -> "registry-key-deleted";
      case valueSet -> "registry-value-set";
      case valueDeleted -> "registry-value-deleted";
      case unknown -> "registry-changed";
    };
  }
}
