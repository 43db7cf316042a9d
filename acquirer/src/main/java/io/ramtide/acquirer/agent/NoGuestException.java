package io.ramtide.acquirer.agent;

import java.io.IOException;
import java.util.List;

/** There is no guest to capture; the message says which ones run. */
public final class NoGuestException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 10;

  NoGuestException(AgentOptions options, List<String> running) {
    super(
        options.domains().isEmpty()
            ? "no guest runs at %s: start one".formatted(options.uri())
            : "no guest that runs at %s is named %s; %s"
                .formatted(
                    options.uri(), String.join(" or ", options.domains()), names(running)));
  }

  private static String names(List<String> running) {
    if (running.isEmpty()) {
      return "none runs at all";
    }
    String shown = String.join(", ", running.subList(0, Math.min(SHOWN, running.size())));
    return "these run: " + shown + (running.size() > SHOWN ? ", ..." : "");
  }
}
