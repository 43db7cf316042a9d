package io.ramtide.scanner.windows.network;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.object.ObjectManager;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Which process an endpoint's owner is: one that was found, or an object that is one. */
final class Owners {
  static final String NO_PROCESS = "no process there";
  static final String NONE = "none named";
  private static final String PROCESS = "Process";
  private static final int NAME_BYTES = 15;

  /** Handle tables hold at most 2^24 handles, of four IDs each. */
  private static final long MAX_PID = 1 << 26;

  private static final int ALIGNMENT = 16;

  private final Guest guest;
  private final Map<Long, GuestProcess> processes = new HashMap<>();

  /**
   * An owner.
   *
   * @param va as the endpoint has it; null if that could not be read
   * @param pid null if it is no process, or cannot be read
   * @param status why pid is null
   * @param isThere whether the memory it is in can be read, or would have to be there
   */
  record Owner(Long va, Long pid, String name, String status, boolean isThere) {
    /** Whether it is a process. */
    boolean isKnown() {
      return pid != null;
    }
  }

  Owners(Guest guest, List<GuestProcess> found) {
    this.guest = guest;
    for (GuestProcess process : found) {
      process.va().ifPresent(va -> processes.put(va, process));
    }
  }

  /** Whether a process was found at a VA. */
  boolean isProcess(long va) {
    return processes.containsKey(va);
  }

  /** The owner that a field of an endpoint names. */
  Owner of(Struct endpoint) {
    OptionalLong value = endpoint.u64(EndpointType.OWNER);
    return value.isPresent()
        ? of(value.getAsLong())
        : unknown(null, endpoint.gap(EndpointType.OWNER).orElseThrow().status());
  }

  private Owner of(long va) {
    GuestProcess found = processes.get(va);
    if (found != null) {
      return new Owner(va, found.pid(), found.finding().getImageName(), null, true);
    }
    if (va == 0) {
      return unknown(va, NONE);
    }
    if (!guest.isKernelAddress(va) || va % ALIGNMENT != 0) {
      return unknown(va, NO_PROCESS);
    }
    if (guest.space().gpa(va).isEmpty()) {
      return unknown(va, guest.space().locate(va).status());
    }
    Struct process = guest.struct("EPROCESS", va);
    long pid = process.u64("UniqueProcessId").orElse(-1);
    String name = name(process);
    boolean isOne =
        pid % Integer.BYTES == 0
            && pid >= 0
            && pid < MAX_PID
            && name != null
            && ObjectManager.of(guest).typeOf(va).filter(PROCESS::equals).isPresent();
    return isOne ? new Owner(va, pid, name, null, true) : unknown(va, NO_PROCESS);
  }

  private static Owner unknown(Long va, String status) {
    // Processes are in nonpaged memory: only a capture may lack them.
    boolean isMissing = status.equals("not captured") || status.equals("could not be read");
    return new Owner(va, null, null, status, !isMissing);
  }

  /** ImageFileName; null if that is no name. */
  private String name(Struct process) {
    byte[] bytes = new byte[NAME_BYTES];
    long va = process.address("ImageFileName");
    if (guest.space().read(va, bytes, 0, bytes.length).bytes() < bytes.length) {
      return null;
    }
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      if (bytes[length] < ' ' || bytes[length] > '~') {
        return null;
      }
      length++;
    }
    return length == 0 ? null : new String(bytes, 0, length, StandardCharsets.US_ASCII);
  }
}
