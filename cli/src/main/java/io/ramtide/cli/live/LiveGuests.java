package io.ramtide.cli.live;

import io.ramtide.acquirer.CaptureException;
import io.ramtide.acquirer.agent.Agent;
import io.ramtide.acquirer.agent.AgentListener;
import io.ramtide.acquirer.agent.AgentOptions;
import io.ramtide.acquirer.agent.AgentOutcome;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;

/** Running guests, and who captures them. */
@FunctionalInterface
public interface LiveGuests {

  /** Begins to capture them; as {@link Agent#start}. */
  Captures capture(Map<String, Object> clientConfig, AgentListener listener)
      throws CaptureException, IOException;

  /** Captures under way. */
  interface Captures extends AutoCloseable {
    /** As {@link Agent#await}. */
    AgentOutcome await() throws InterruptedException;

    @Override
    void close();
  }

  /**
   * The guests of a hypervisor.
   *
   * @param begun is told of the agent once it captures
   */
  static LiveGuests of(AgentOptions options, Consumer<Agent> begun) {
    return (clientConfig, listener) -> {
      Agent agent = Agent.start(clientConfig, options, listener);
      try {
        begun.accept(agent);
      } catch (RuntimeException e) {
        agent.close();
        throw e;
      }
      return new Captures() {
        @Override
        public AgentOutcome await() throws InterruptedException {
          return agent.await();
        }

        @Override
        public void close() {
          agent.close();
        }
      };
    };
  }
}
