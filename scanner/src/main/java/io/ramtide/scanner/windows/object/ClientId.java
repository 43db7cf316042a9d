package io.ramtide.scanner.windows.object;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.Struct;
import java.util.Optional;
import java.util.OptionalLong;

/** Who a thread is: CLIENT_ID. */
public record ClientId(long pid, long tid) {

  /** Of the ETHREAD, or KTHREAD, at a VA; empty if it cannot be read. */
  public static Optional<ClientId> of(Guest guest, long thread) {
    Struct ids = guest.struct("CLIENT_ID", thread + guest.type("ETHREAD").offset("Cid"));
    OptionalLong pid = ids.u64("UniqueProcess");
    OptionalLong tid = ids.u64("UniqueThread");
    return pid.isPresent() && tid.isPresent()
        ? Optional.of(new ClientId(pid.getAsLong(), tid.getAsLong()))
        : Optional.empty();
  }
}
