package io.ramtide.cli.live;

import io.ramtide.acquirer.Acquirer;
import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.acquirer.CaptureException;
import io.ramtide.acquirer.Progress;
import io.ramtide.acquirer.agent.AgentListener;
import io.ramtide.acquirer.agent.AgentOutcome;
import io.ramtide.acquirer.dump.Dumps;
import io.ramtide.acquirer.dump.UnreadableDumpException;
import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Guests whose RAM lies in files, one a capture: what an agent does, without a hypervisor. */
record SimulatedCaptures(Path keyFile, List<Guest> guests) implements LiveGuests {

  record Guest(UUID domain, String name, List<Path> captures) {}

  @Override
  public Captures capture(Map<String, Object> clientConfig, AgentListener listener)
      throws CaptureException {
    Acquirer acquirer = Acquirer.connect(clientConfig, new AcquirerOptions(keyFile, 8));
    CompletableFuture<AgentOutcome> outcome =
        CompletableFuture.supplyAsync(() -> captureAll(acquirer, listener));
    return new Captures() {
      @Override
      public AgentOutcome await() {
        return outcome.join();
      }

      @Override
      public void close() {
        outcome.join();
        acquirer.close();
      }
    };
  }

  private AgentOutcome captureAll(Acquirer acquirer, AgentListener listener) {
    long made = 0;
    for (Guest guest : guests) {
      listener.appeared(guest.domain(), guest.name());
      for (Path file : guest.captures()) {
        try (MemorySource source = Dumps.open(file)) {
          listener.captured(
              acquirer.capture(guest.domain(), Optional.of(guest.name()), source, Progress.NONE));
          made++;
        } catch (CaptureException | UnreadableDumpException e) {
          return new AgentOutcome(made, 1, List.of(guest.name()), Optional.of(e));
        } catch (IOException e) {
          throw new AssertionError(e); // A dump that was only read.
        }
      }
      listener.ended(guest.domain(), guest.name(), "it has its captures");
    }
    return new AgentOutcome(made, 0, List.of(), Optional.empty());
  }
}
