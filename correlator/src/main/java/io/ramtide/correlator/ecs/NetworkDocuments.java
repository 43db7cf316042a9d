package io.ramtide.correlator.ecs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ramtide.correlator.capture.Capture;
import io.ramtide.schemas.NetworkDirection;
import io.ramtide.schemas.NetworkEvent;
import java.util.Locale;

/** Documents of network events. */
final class NetworkDocuments {
  private NetworkDocuments() {}

  static byte[] of(Capture capture, NetworkEvent event) {
    long time = event.getTime() != null ? event.getTime() : event.getNotAfter();
    EcsDocument doc =
        new EcsDocument(capture, time, NetworkMessages.of(event))
            .id(DocumentIds.of(event))
            .evidence(event.getEvidence());
    categories(doc, event);
    if (event.getTime() == null) {
      doc.between(event.getNotBefore(), event.getNotAfter());
    }
    ObjectNode network = doc.object("network");
    network.put("transport", Text.bounded(event.getProtocol(), Text.NAME).toLowerCase(Locale.ROOT));
    network.put("type", "ipv" + event.getIpVersion());
    network.put("direction", event.getDirection().name());
    sides(doc, event);
    if (event.getPid() != null) {
      process(doc.object("process"), event);
    }
    own(doc.object("ramtide").putObject("network"), event);
    return doc.bytes();
  }

  private static void categories(EcsDocument doc, NetworkEvent event) {
    switch (event.getType()) {
      case listeningOpened -> categorize(doc, "start", "network-listening-opened");
      case listeningClosed -> categorize(doc, "end", "network-listening-closed");
      case connectionOpened ->
          categorize(doc, "connection", "network-connection-opened").type("start");
      case connectionStateChanged ->
          categorize(doc, "connection", "network-connection-state-changed").type("info");
      case connectionClosed ->
          categorize(doc, "connection", "network-connection-closed").type("end");
      case unknown -> categorize(doc, "info", "network-changed");
    }
  }

  private static EcsDocument categorize(EcsDocument doc, String type, String action) {
    return doc.event("event", "network", type, action, "ramtide.network");
  }

  /** A listener is where others go; who opened a connection is its source, else the guest is. */
  private static void sides(EcsDocument doc, NetworkEvent event) {
    boolean toGuest =
        NetworkMessages.isListening(event) || event.getDirection() == NetworkDirection.ingress;
    side(doc, toGuest ? "destination" : "source", event.getLocalAddress(), event.getLocalPort());
    if (event.getRemoteAddress() != null || event.getRemotePort() != null) {
      side(
          doc, toGuest ? "source" : "destination", event.getRemoteAddress(), event.getRemotePort());
    }
  }

  private static void side(EcsDocument doc, String name, String address, Integer port) {
    ObjectNode side = doc.object(name);
    EcsDocument.text(side, "ip", address, Text.NAME);
    if (port != null) {
      side.put("port", port);
    }
  }

  private static void process(ObjectNode process, NetworkEvent event) {
    process.put("pid", event.getPid());
    EcsDocument.text(process, "name", event.getProcessName(), Text.NAME);
    EcsDocument.time(process, "start", event.getProcessCreateTime());
    EcsDocument.text(process, "executable", event.getImagePath(), Text.PATH);
    String entity = DocumentIds.entity(event);
    if (entity != null) {
      process.put("entity_id", entity);
    }
  }

  private static void own(ObjectNode own, NetworkEvent event) {
    EcsDocument.text(own, "state", event.getState(), Text.NAME);
    EcsDocument.text(own, "old_state", event.getOldState(), Text.NAME);
    EcsDocument.time(own, "create_time", event.getCreateTime());
    own.put("owner", event.getOwner().name());
  }
}
