package io.ramtide.cli.live;

import io.ramtide.acquirer.agent.AgentListener;
import io.ramtide.cli.term.Failure;
import io.ramtide.cli.term.Terminal;
import io.ramtide.schemas.Manifest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Keeps the last capture of each guest; that they come and go is in the agent's log. */
final class GuestNews implements AgentListener {
  private final Terminal terminal;
  private final Map<String, Last> guests = new LinkedHashMap<>();

  /**
   * The last capture of a guest.
   *
   * @param warned whether its manifest has a warning
   */
  record Last(String domain, String name, long capture, boolean warned) {}

  GuestNews(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public synchronized void captured(Manifest manifest) {
    String name = manifest.getDomainName() == null ? "" : manifest.getDomainName();
    boolean warned = !manifest.getWarnings().isEmpty();
    guests.put(
        manifest.getDomain(), new Last(manifest.getDomain(), name, manifest.getCapture(), warned));
  }

  @Override
  public void failed(UUID domain, String name, Exception reason) {
    terminal.warn("%s: %s".formatted(name, Failure.reason(reason)));
  }

  /** Of every guest that was captured, in the order of their first captures. */
  synchronized List<Last> last() {
    return List.copyOf(guests.values());
  }
}
