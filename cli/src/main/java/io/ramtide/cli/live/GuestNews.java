package io.ramtide.cli.live;

import io.ramtide.acquirer.agent.AgentListener;
import io.ramtide.schemas.Manifest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps the last capture of each guest; what fails, comes and goes is in the agent's log. */
final class GuestNews implements AgentListener {
  private final Map<String, Last> guests = new LinkedHashMap<>();

  /**
   * The last capture of a guest.
   *
   * @param warned whether its manifest has a warning
   */
  record Last(String domain, String name, long capture, boolean warned) {}

  @Override
  public synchronized void captured(Manifest manifest) {
    String name = manifest.getDomainName() == null ? "" : manifest.getDomainName();
    boolean warned = !manifest.getWarnings().isEmpty();
    guests.put(
        manifest.getDomain(), new Last(manifest.getDomain(), name, manifest.getCapture(), warned));
  }

  /** Of every guest that was captured, in the order of their first captures. */
  synchronized List<Last> last() {
    return List.copyOf(guests.values());
  }
}
