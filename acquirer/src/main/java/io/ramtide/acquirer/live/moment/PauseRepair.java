package io.ramtide.acquirer.live.moment;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.qemu.Monitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Resumes a guest that a capture paused and then could not resume. Only one that surely is paused
 * by us: the same run, paused and nothing else, not in a migration, and its processors have not run
 * since. The last tells our pause from one that an operator made later.
 */
final class PauseRepair {
  static final String NOTE = "paused";

  /** Its processors' threads do a little even for a guest that stands still. */
  static final long STANDING_NANOS = 5_000_000;

  /** Between the note and the pause the guest runs on. */
  static final long PAUSING_NANOS = 1_000_000_000;

  private PauseRepair() {}

  /** What was done or left, one sentence; empty if there was nothing to do. */
  static Optional<String> repair(LiveGuest guest, Path folder) throws IOException {
    Optional<GuestNote> left = GuestNote.leftBy(guest, folder, NOTE);
    if (left.isEmpty()) {
      return Optional.empty();
    }
    try (GuestNote note = left.get()) {
      JsonNode fields = note.read();
      if (!guest.run().equals(fields.path("run").asText())) {
        note.remove();
        return Optional.empty();
      }
      return repair(guest, note, fields);
    }
  }

  private static Optional<String> repair(LiveGuest guest, GuestNote note, JsonNode fields)
      throws IOException {
    Monitor monitor = guest.monitor();
    String state = RunState.runState(monitor);
    String since = fields.path("at").asText();
    if (state.equals("running")) {
      note.remove();
      return Optional.empty();
    }
    if (!state.equals("paused") || RunState.isBusy(RunState.migration(monitor))) {
      return Optional.of(
          "%s: a capture paused it at %s, and it is left alone as it is %s or being migrated now"
              .formatted(guest.name(), since, state));
    }
    boolean stood = fields.has("stoodAtNanos");
    long before = fields.path(stood ? "stoodAtNanos" : "ranNanos").asLong();
    long ran = RunState.processorNanos(guest, monitor) - before;
    if (ran < 0 || ran > (stood ? STANDING_NANOS : PAUSING_NANOS)) {
      note.remove();
      return Optional.of(
          ("%s: a capture paused it at %s, but it has run since, so someone else paused it again;"
                  + " it stays paused")
              .formatted(guest.name(), since));
    }
    guest.resume();
    note.remove();
    return Optional.of(
        "%s: was still paused by a capture of %s that was killed; it runs on"
            .formatted(guest.name(), since));
  }
}
