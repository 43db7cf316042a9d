package io.ramtide.acquirer.agent.command;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** What the agent can be asked to do. Nothing here blocks. */
public interface Orders {
  Duration SHORTEST_INTERVAL = Duration.ofMillis(50);
  Duration LONGEST_INTERVAL = Duration.ofDays(1);

  /** The domains that are captured at present. */
  List<UUID> domains();

  /**
   * A complete capture as soon as it can begin.
   *
   * @param command its id, for the manifest
   * @param expiresAt not begun by then, it is not made; microseconds since 1970 UTC
   * @param reply hears what became of it, once, on any thread
   */
  void keyframe(UUID domain, String command, long expiresAt, Consumer<Reply> reply);

  /** Another interval for a while. */
  void interval(UUID domain, String command, Duration every, Duration length, Consumer<Reply> reply);

  /** Keeps the captures that give the present RAM as evidence; otherwise as {@link #keyframe}. */
  void hold(UUID domain, String command, long expiresAt, Consumer<Reply> reply);
}
