package io.ramtide.acquirer.libvirt;

import static io.ramtide.acquirer.libvirt.connection.LibvirtCalls.QEMU;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.jna.ptr.PointerByReference;
import io.ramtide.acquirer.libvirt.connection.LibvirtCalls;
import io.ramtide.acquirer.libvirt.connection.Shown;
import io.ramtide.acquirer.qemu.Monitor;
import io.ramtide.acquirer.qemu.MonitorException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * QEMU's monitor through libvirt, which raises nothing for a command that QEMU refuses. A reply is
 * at most 4 MiB, libvirt's own limit of a string.
 */
final class GuestMonitor implements Monitor {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LibvirtGuest guest;

  GuestMonitor(LibvirtGuest guest) {
    this.guest = guest;
  }

  @Override
  public JsonNode execute(String command, Map<String, ?> arguments) throws MonitorException {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("execute", command);
    if (!arguments.isEmpty()) {
      request.put("arguments", arguments);
    }
    JsonNode reply;
    try {
      reply = JSON.readTree(ask(command, JSON.writeValueAsString(request), 0));
    } catch (JsonProcessingException e) {
      throw new MonitorException(
          "QEMU's reply to "
              + command
              + " of "
              + guest
              + " is no JSON: "
              + Shown.line(e.getOriginalMessage()),
          e);
    }
    JsonNode error = reply.get("error");
    if (error != null) {
      throw new MonitorException(
          "QEMU refuses "
              + command
              + " for "
              + guest
              + ": "
              + Shown.line(error.path("desc").asText(error.toString())),
          null);
    }
    JsonNode result = reply.get("return");
    if (result == null) {
      throw new MonitorException("QEMU returned nothing for " + command + " of " + guest, null);
    }
    return result;
  }

  @Override
  public String human(String line) throws MonitorException {
    return ask(line, line, LibvirtCalls.Qemu.MONITOR_HUMAN).replace("\r\n", "\n");
  }

  private String ask(String command, String text, int flags) throws MonitorException {
    try {
      return guest.call(
          "cannot ask QEMU's monitor (" + command + ") of",
          domain -> {
            PointerByReference reply = new PointerByReference();
            return QEMU.virDomainQemuMonitorCommand(domain, text, reply, flags) < 0
                ? null
                : LibvirtCalls.take(reply.getValue());
          });
    } catch (IOException e) {
      throw new MonitorException(e.getMessage(), e);
    }
  }
}
