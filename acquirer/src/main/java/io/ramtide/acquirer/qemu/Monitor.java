package io.ramtide.acquirer.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** QEMU's monitor, whoever carries the lines to it. */
public interface Monitor {
  /**
   * Runs a QMP command and gives what it returns.
   *
   * @throws MonitorException if QEMU answers with an error, or does not answer
   */
  JsonNode execute(String command, Map<String, ?> arguments) throws MonitorException;

  /**
   * Runs a line of the human monitor and gives its text, lines ending in LF.
   *
   * @throws MonitorException if QEMU does not answer
   */
  String human(String line) throws MonitorException;
}
