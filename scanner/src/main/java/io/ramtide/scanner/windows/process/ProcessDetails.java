package io.ramtide.scanner.windows.process;

import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.guest.What;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Session, PEB, WoW64 and exit status of a process: null where they cannot be read. */
public final class ProcessDetails implements Decoder {
  @Override
  public Set<What> kinds() {
    return Set.of(What.processes);
  }

  @Override
  public void describe(Guest guest, GuestProcess process, FindingSink sink) {
    Optional<Struct> object = process.object();
    if (object.isEmpty()) {
      return;
    }
    Struct eprocess = object.get();
    session(guest, process, eprocess, sink);
    process.finding().setPebVa(zeroToNull(eprocess.u64("Peb")));
    OptionalLong wow64 = eprocess.u64("Wow64Process");
    process.finding().setWow64(wow64.isPresent() ? wow64.getAsLong() != 0 : null);
    if (process.hasExited()) {
      OptionalLong status = eprocess.u32("ExitStatus");
      process.finding().setExitStatus(status.isPresent() ? status.getAsLong() : null);
    }
  }

  /** EPROCESS.Session points at the MM_SESSION_SPACE; null for System and others in no session. */
  private static void session(
      Guest guest, GuestProcess process, Struct eprocess, FindingSink sink) {
    OptionalLong session = eprocess.u64("Session");
    if (session.orElse(0) == 0) {
      return;
    }
    long field = session.getAsLong() + guest.type("MM_SESSION_SPACE").offset("SessionId");
    OptionalLong id =
        guest.isKernelAddress(session.getAsLong())
            ? guest.space().dword(field)
            : OptionalLong.empty();
    if (id.isPresent()) {
      process.finding().setSessionId(id.getAsLong());
    } else {
      sink.incomplete(
          What.processes,
          "session of PID %d: 0x%x: %s"
              .formatted(process.pid(), field, guest.space().locate(field).text()));
    }
  }

  private static Long zeroToNull(OptionalLong value) {
    return value.orElse(0) == 0 ? null : value.getAsLong();
  }
}
