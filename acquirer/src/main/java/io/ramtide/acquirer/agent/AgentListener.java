package io.ramtide.acquirer.agent;

import io.ramtide.schemas.Manifest;
import java.util.UUID;

/** Hears what an agent does, on the agent's threads: it must return soon. */
public interface AgentListener {
  AgentListener NONE = new AgentListener() {};

  /** A guest is captured from now on. */
  default void appeared(UUID domain, String name) {}

  /** A capture exists: its manifest is on the broker. */
  default void captured(Manifest manifest) {}

  /**
   * A capture was given up; nothing of it is visible, and the next one is tried.
   *
   * @param reason its message says what, where and what to do
   */
  default void failed(UUID domain, String name, Exception reason) {}

  /**
   * A guest is not captured any more.
   *
   * @param why e.g. that it was shut down or migrated away, or that it has its captures
   */
  default void ended(UUID domain, String name, String why) {}
}
